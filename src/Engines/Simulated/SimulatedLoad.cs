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

    /// <summary>A number in [0, 1) that the id and <paramref name="salt"/> alone decide.</summary>
    protected static double Part(string id, long salt)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{id} {salt}"), hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) / (double)(1UL << 53);
    }
}
