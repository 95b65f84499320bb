using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

/// <summary>Registered by higher modules: adds what they want of one host to its plan. Wake <see cref="FleetWork.Host"/> when it changed.</summary>
public interface IHostPlanPart
{
    Task Contribute(Query q, string hostId, HostPlan plan);
}

/// <summary>Registered by higher modules: stores what an agent saw. Runs inside one transaction of the system actor; write with compare-and-set, report upward with <c>tx.Changed</c>.</summary>
public interface ISeenIntake
{
    Task Take(Tx tx, string hostId, Seen seen);
}

/// <summary>Registered by higher modules: takes in what guests use. Called with every message that holds samples, outside any transaction.</summary>
public interface IUseIntake
{
    /// <param name="vcpus">Of the host.</param>
    /// <param name="memoryMib">Of the host.</param>
    Task Take(string hostId, int vcpus, long memoryMib, Seen seen);
}

/// <summary>The bytes of an image that a host misses: Image's own, and the disks of servers that move there.</summary>
public interface IImageSource
{
    /// <returns>null when there is no such image with data.</returns>
    Task<ImageBytes?> Open(string imageId, CancellationToken ct);
}

public sealed record ImageBytes(Stream Data, long Size, string Sha512, string Format);

/// <summary>Registered by higher modules: a host that still holds something of theirs must not be forgotten.</summary>
public interface IHostHold
{
    /// <returns>What it still holds ("3 servers"), or null.</returns>
    Task<string?> Holds(Query q, string hostId);
}

public static class FleetWork
{
    /// <summary>Work kind: assemble the plan of this host and send it.</summary>
    public const string Host = "host";

    /// <summary>Change kind: a host was added, its facts changed, or it came or went.</summary>
    public const string HostChanged = "host";
}
