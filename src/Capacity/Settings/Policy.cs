using System.Text.Json;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Settings;

/// <summary>What the operator of the cloud may turn; everything else of this module follows from it and from what was measured.</summary>
internal sealed record Policy
{
    private const string Name = "capacity.policy";

    /// <summary>Days of samples below which nothing is advised.</summary>
    public double LeastDays { get; init; } = 7;
    /// <summary>Per cent of its processors that a server shall use in its busy hours.</summary>
    public double CpuTarget { get; init; } = 70;
    /// <summary>Per cent that is added to the largest memory that it ever used.</summary>
    public double MemoryMargin { get; init; } = 25;
    /// <summary>From here on it is too small: per cent of its processors, of their time spent waiting, of its memory; major faults a second.</summary>
    public double CpuFull { get; init; } = 90;
    public double WaitHigh { get; init; } = 5;
    public double MemoryFull { get; init; } = 92;
    public double FaultsHigh { get; init; } = 100;
    /// <summary>For how long a resized server is watched, and after how many five-minute means the first judgement falls.</summary>
    public long WatchSeconds { get; init; } = 24 * 3600;
    public int WatchLeast { get; init; } = 3;
    /// <summary>Refused, undone or failed advice does not come back before.</summary>
    public long QuietSeconds { get; init; } = 30 * 24 * 3600;

    /// <summary>Idle: for so many days CPU (per cent, largest five minutes at 95 %), disk and network (bytes a second, mean of a day) below these.</summary>
    public double IdleDays { get; init; } = 14;
    public double IdleCpu { get; init; } = 5;
    public double IdleDisk { get; init; } = 16 * 1024;
    public double IdleNet { get; init; } = 2 * 1024;
    /// <summary>Days after which something that is stopped, attached to nothing or bound to nothing is asked about, and a snapshot is old.</summary>
    public double LeftDays { get; init; } = 30;
    public double SnapshotDays { get; init; } = 180;
    /// <summary>An unanswered question is asked again so often, and goes to the bureau's manager after so many times.</summary>
    public long RemindSeconds { get; init; } = 7 * 24 * 3600;
    public int RemindersBeforeManager { get; init; } = 2;
    /// <summary>For how long what was released can be had back at least.</summary>
    public long UndoSeconds { get; init; } = 14 * 24 * 3600;

    public static async Task<Policy> Read(Query q) => await Store.Settings.Settings.Get(q, Name) is { } text ? JsonSerializer.Deserialize<Policy>(text, Json.Options)! : new Policy();

    public static Task Set(Tx tx, Policy policy) => Store.Settings.Settings.Set(tx, Name, JsonSerializer.Serialize(policy, Json.Options));
}
