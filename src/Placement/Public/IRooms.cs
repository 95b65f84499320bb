using Xiangyun.Store;

namespace Xiangyun.Placement.Public;

/// <summary>How much of one class (VCPU, MEMORY_MB, DISK_GB) a host has, may hand out and has handed out.</summary>
/// <param name="Total">What is built in.</param>
/// <param name="Reserved">Kept for the host itself.</param>
/// <param name="Ratio">Overcommit.</param>
/// <param name="Used">Handed out.</param>
public sealed record Room(string HostId, string Class, long Total, long Reserved, double Ratio, long Used)
{
    public long Capacity => (long)((Total - Reserved) * Ratio);
}

public interface IRooms
{
    /// <summary>Of every host, whether it answers or not.</summary>
    Task<IReadOnlyList<Room>> All(Query q);
}
