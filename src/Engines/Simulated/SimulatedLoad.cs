using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Xiangyun.Engines.Simulated;

/// <summary>
/// How busy a simulated guest is: a made-up but steady day, so that a simulated estate looks like the ones that are to be
/// consolidated. Most guests idle, a few work; offices work from eight to six in China; every five minutes a little noise.
/// A function of the guest's id and the clock: nothing is kept, and a restart changes nothing.
/// </summary>
public static class SimulatedLoad
{
    /// <returns>How many processors are busy, 0 to <paramref name="vcpus"/>.</returns>
    public static double BusyProcessors(string id, int vcpus, DateTimeOffset at)
    {
        var level = Math.Pow(Part(id, 0), 2) * 0.75 + 0.03; // squared: median 22 %, mean 28 %, a few at three quarters
        var local = at.ToOffset(TimeSpan.FromHours(8));
        var hour = local.TimeOfDay.TotalHours;
        var day = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.5 : 0.55 + 0.75 * Math.Exp(-Math.Pow((hour - 13 + 2 * Part(id, 1)) / 4.2, 2));
        var noise = 0.8 + 0.4 * Part(id, at.ToUnixTimeSeconds() / 300 + 2);
        return vcpus * Math.Min(1, level * day * noise);
    }

    /// <summary>
    /// The same where a directive says otherwise: <c>cpu:PERCENT</c>, <c>memory:PERCENT</c> of the guest's own, separated by commas. Without one the memory
    /// that a guest works with follows its processors.
    /// </summary>
    public static (double Processors, double MemoryMib) Wanted(string id, int vcpus, long memoryMib, string directive, DateTimeOffset at)
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
    private static double Part(string id, long salt)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{id} {salt}"), hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) / (double)(1UL << 53);
    }
}
