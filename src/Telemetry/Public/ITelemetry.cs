namespace Xiangyun.Telemetry.Public;

/// <summary>What one server or host used lately: means of its newest sample. What was not told is null.</summary>
/// <param name="At">When it was sampled, milliseconds since 1970.</param>
/// <param name="CpuBusy">Processors in use: 1.5 = one and a half.</param>
/// <param name="CpuWait">Processors that wanted to run and had to wait (steal).</param>
public sealed record UseNow(string Id, string HostId, long At, int Vcpus, double CpuBusy, double? CpuWait, long MemoryMib, long? ResidentMib, long? UsedMib, double? MajorFaults, double DiskReadBps, double DiskWriteBps, double NetInBps, double NetOutBps)
{
    public double CpuPercent => Vcpus == 0 ? 0 : 100 * CpuBusy / Vcpus;
}

/// <summary>One point of a history; null where nothing was known.</summary>
/// <param name="CpuMax">The largest five-minute mean within; in the history of a day the mean itself.</param>
public sealed record UsePoint(long At, double? CpuPercent, double? CpuMax, double? MemoryPercent);

/// <summary>One hour of a host that carried servers.</summary>
/// <param name="Seen">The part of the hour that is known; less than 1 of the hour under way.</param>
/// <param name="Short">The part of that time for which its guests wanted more processors than it has.</param>
public sealed record ShortHour(long At, double Seen, double Short);

public interface ITelemetry
{
    /// <returns>null when nothing was ever told of it.</returns>
    UseNow? Now(string id);

    /// <summary>All guests whose newest sample came from this host.</summary>
    IReadOnlyList<UseNow> OnHost(string hostId);

    /// <summary>A day of five-minute means, or a month of hours, oldest first; empty when nothing is known.</summary>
    Task<IReadOnlyList<UsePoint>> History(string id, bool month);

    /// <summary>What the ring of each tells in the whole; those of which nothing is known are left out.</summary>
    Task<IReadOnlyDictionary<string, UseProfile>> Profiles(IReadOnlyCollection<string> ids);

    /// <summary>Their months of hours; those of which nothing is known are left out.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<UsePoint>>> Months(IReadOnlyCollection<string> ids);

    /// <summary>How long each of these hosts was short within the last week, oldest hour first; those of which nothing is known are left out.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<ShortHour>>> Shortages(IReadOnlyCollection<string> hostIds);

    /// <summary>The servers of one group of <see cref="UseProfile.Swing"/>.</summary>
    IReadOnlyList<string> SwingWith(int group);
}
