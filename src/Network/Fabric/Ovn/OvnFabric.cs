using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>The real thing: plans become rows of OVN's northbound database.</summary>
internal sealed class OvnFabric(Northbound northbound) : INetworkFabric
{
    public bool Simulated => false;

    public Task<bool> Look(FabricObject of, CancellationToken ct) => northbound.Look(Owner(of), Tables(of.Kind), ct);

    public Task Ensure(FabricPlan plan, CancellationToken ct) => Write(plan, ct);

    /// <returns>false when there was nothing to write.</returns>
    public Task<bool> Write(FabricPlan plan, CancellationToken ct) => northbound.Ensure(Owner(plan.Of), Tables(plan.Kind), Rows(plan), ct);

    public Task EnsureGone(FabricObject of, CancellationToken ct) => northbound.EnsureGone(Owner(of), Tables(of.Kind), ct);

    public async Task<IReadOnlyList<FabricObject>> All(CancellationToken ct) => [.. (await northbound.Owners(ct)).Select(Object).OfType<FabricObject>()];

    public async IAsyncEnumerable<IReadOnlyList<PortUp>> Watch([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var batch in northbound.Ports(ct)) yield return [.. batch.Select(p => new PortUp(p.Name, p.Up))];
    }

    private static IReadOnlyList<NbRow> Rows(FabricPlan plan) => plan switch
    {
        SwitchPlan p => SwitchRows.Of(p),
        PortPlan p => PortRows.Of(p),
        RouterPlan p => RouterRows.Of(p),
        GroupPlan p => GroupRows.Of(p),
        _ => throw new ArgumentException($"no rows for {plan.GetType().Name}", nameof(plan)),
    };

    private static string[] Tables(FabricKind kind) => kind switch
    {
        FabricKind.Network => ["Logical_Switch", "Logical_Switch_Port", "DHCP_Options"],
        FabricKind.Port => ["Logical_Switch_Port", "QoS", "DNS"],
        FabricKind.Router => ["Logical_Router", "Logical_Router_Port", "Gateway_Chassis", "NAT", "Logical_Router_Static_Route", "Load_Balancer", "QoS"],
        _ => ["Port_Group", "ACL"],
    };

    private static string Owner(FabricObject of) => $"{of.Kind.ToString().ToLowerInvariant()}:{of.Id}";

    private static FabricObject? Object(string owner) =>
        owner.Split(':', 2) is [var kind, var id] && Enum.TryParse<FabricKind>(kind, ignoreCase: true, out var known) ? new FabricObject(known, id) : null;
}
