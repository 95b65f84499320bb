using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Xiangyun.Engines.Simulated;

/// <summary>
/// How busy a simulated guest is: a function of its id and the clock, so nothing is kept and a restart changes nothing. Recorded days where
/// there are some, else a made-up one; <see cref="Source"/> says which, wherever a simulated host is shown.
/// </summary>
public abstract class SimulatedLoad
{
    public static readonly SimulatedLoad MadeUp = new MadeUpDay();

    /// <summary>"made up", or which recorded days.</summary>
    public abstract string Source { get; }

    /// <returns>How many processors are busy, 0 to <paramref name="vcpus"/>.</returns>
    public abstract double BusyProcessors(string id, int vcpus, DateTimeOffset at);

    /// <summary>
    /// The same where a directive says otherwise: <c>cpu:PERCENT</c>, <c>memory:PERCENT</c> of the guest's own, separated by commas. Without one the memory
    /// that a guest works with follows its processors.
    /// </summary>
    public (double Processors, double MemoryMib) Wanted(string id, int vcpus, long memoryMib, string directive, DateTimeOffset at)
    {
        var busy = Said(directive, "cpu:") is { } cpu ? vcpus * cpu / 100 : BusyProcessors(id, vcpus, at);
        return (busy, memoryMib * (Said(directive, "memory:") is { } memory ? memory / 100 : 0.35 + 0.5 * busy / Math.Max(1, vcpus)));
    }

    /// <summary>How much of what is wanted a host can give: 1 = all of it.</summary>
    public static double Share(double there, double wanted) => wanted <= there ? 1 : there / wanted;

    private static double? Said(string directive, string name)
    {
        foreach (var part in directive.Split(',', StringSplitOptions.TrimEntries))
            if (part.StartsWith(name, StringComparison.Ordinal) && double.TryParse(part[name.Length..], System.Globalization.CultureInfo.InvariantCulture, out var percent)) return Math.Clamp(percent, 0, 100);
        return null;
    }

    /// <summary>A number in [0, 1) that the id and <paramref name="salt"/> alone decide.</summary>
    protected static double Part(string id, long salt)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{id} {salt}"), hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) / (double)(1UL << 53);
    }
}
