namespace Xiangyun.Network.Fabric;

/// <summary>
/// What carries packets. Every verb may be called again: twice is once. Plans are whole: what an older plan of the same
/// object had and the new one has not is removed.
/// </summary>
internal interface INetworkFabric
{
    /// <summary>No packets are carried; ports are up when their host says that the server runs.</summary>
    bool Simulated { get; }

    Task<bool> Look(FabricObject of, CancellationToken ct);

    /// <summary>EngineFault, transient, when something that the plan points at is not there yet.</summary>
    Task Ensure(FabricPlan plan, CancellationToken ct);

    Task EnsureGone(FabricObject of, CancellationToken ct);

    /// <summary>Everything that is there, for the sweep.</summary>
    Task<IReadOnlyList<FabricObject>> All(CancellationToken ct);

    /// <summary>Ports that carry traffic: all at first, then what changed. Ends with an EngineFault when the view is lost.</summary>
    IAsyncEnumerable<IReadOnlyList<PortUp>> Watch(CancellationToken ct);
}

internal enum FabricKind { Network, Port, Router, Group }

internal readonly record struct FabricObject(FabricKind Kind, string Id);

internal readonly record struct PortUp(string PortId, bool Up);
