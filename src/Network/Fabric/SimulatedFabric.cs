using System.Collections.Concurrent;
using Xiangyun.Kernel;

namespace Xiangyun.Network.Fabric;

/// <summary>
/// Remembers what it was told, for clouds of simulated hosts. It keeps the order that OVN demands: a port needs its
/// network and groups, a limit the network where it is kept. It passes the same Contract tests as the real one.
/// </summary>
internal sealed class SimulatedFabric : INetworkFabric
{
    private readonly ConcurrentDictionary<FabricObject, FabricPlan> _plans = new();

    public bool Simulated => true;

    public Task<bool> Look(FabricObject of, CancellationToken ct) => Task.FromResult(_plans.ContainsKey(of));

    public Task Ensure(FabricPlan plan, CancellationToken ct)
    {
        foreach (var needed in Needs(plan))
            if (!_plans.ContainsKey(needed)) throw new EngineFault("simulated network", "ensure", $"{needed.Kind} {needed.Id} is not there yet", transient: true);
        _plans[plan.Of] = plan;
        return Task.CompletedTask;
    }

    private static IEnumerable<FabricObject> Needs(FabricPlan plan)
    {
        if (plan is RouterPlan router) return router.Limits.Select(l => new FabricObject(FabricKind.Network, l.NetworkId));
        if (plan is not PortPlan port) return [];
        var groups = port.Secured ? port.Groups.Append(FixedGroups.Drop) : [];
        return groups.Select(g => new FabricObject(FabricKind.Group, g)).Prepend(new FabricObject(FabricKind.Network, port.NetworkId));
    }

    /// <summary>With a network its ports go, as in OVN.</summary>
    public Task EnsureGone(FabricObject of, CancellationToken ct)
    {
        _plans.TryRemove(of, out _);
        if (of.Kind == FabricKind.Network)
            foreach (var port in _plans.Values.OfType<PortPlan>().Where(p => p.NetworkId == of.Id)) _plans.TryRemove(port.Of, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FabricObject>> All(CancellationToken ct) => Task.FromResult<IReadOnlyList<FabricObject>>([.. _plans.Keys]);

    public async IAsyncEnumerable<IReadOnlyList<PortUp>> Watch([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        yield return [];
        await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
