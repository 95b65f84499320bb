namespace Xiangyun.Network.Fabric;

/// <summary>What the fabric shall have of one object; made from rows, carries no rows.</summary>
internal abstract record FabricPlan(FabricKind Kind, string Id)
{
    public FabricObject Of => new(Kind, Id);
}

/// <param name="PhysicalNetwork">null = tunnelled between hosts.</param>
internal sealed record SwitchPlan(string NetworkId, string? PhysicalNetwork, int? Vlan, int Mtu, IReadOnlyList<DhcpPlan> Dhcp) : FabricPlan(FabricKind.Network, NetworkId);

/// <summary>What DHCP answers in one subnet. <paramref name="MetadataIp"/> is the next hop to 169.254.169.254.</summary>
/// <param name="Stateless">IPv6: hands out only names of servers, no addresses.</param>
internal sealed record DhcpPlan(string SubnetId, string Cidr, string? Gateway, string? MetadataIp, string ServerMac, int Mtu, IReadOnlyList<string> DnsServers, IReadOnlyList<(string Destination, string Nexthop)> Routes, bool Stateless = false)
{
    public bool V6 => Cidr.Contains(':');
}

internal enum PortUse { Guest, Metadata, RouterInterface, RouterGateway }

internal sealed record PortPlan(string PortId, string NetworkId, PortUse Use) : FabricPlan(FabricKind.Port, PortId)
{
    public required string Mac { get; init; }
    public required IReadOnlyList<string> Ips { get; init; }
    public bool Enabled { get; init; } = true;
    /// <summary>Only its own addresses, and only what its groups allow.</summary>
    public bool Secured { get; init; }
    public IReadOnlyList<(string Mac, string Ip)> Pairs { get; init; } = [];
    public IReadOnlyList<string> Groups { get; init; } = [];
    public string? DhcpSubnetId { get; init; }
    public string? Dhcp6SubnetId { get; init; }
    public IReadOnlyList<QosPlan> Qos { get; init; } = [];
    /// <summary>Names under which the other guests of its network find it, in small letters.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The port through which its traffic goes, under this VLAN.</summary>
    public (string Parent, int Vlan)? Carrier { get; init; }
    /// <summary>Only this host may carry it.</summary>
    public string? Chassis { get; init; }
    /// <summary>The host that its guest is moving to while it runs.</summary>
    public string? NextChassis { get; init; }
}

/// <summary>A limit on a port or a floating address, or the mark of a port's packets.</summary>
/// <param name="Egress">Out of the guest; else into it.</param>
internal sealed record QosPlan(string RuleId, bool Egress, long? MaxKbps, long? BurstKb, int? Dscp);

internal sealed record RouterPlan(string RouterId, bool Enabled) : FabricPlan(FabricKind.Router, RouterId)
{
    public IReadOnlyList<RouterPortPlan> Ports { get; init; } = [];
    public IReadOnlyList<(string Destination, string Nexthop)> Routes { get; init; } = [];
    public IReadOnlyList<SnatPlan> Snat { get; init; } = [];
    public IReadOnlyList<FloatingPlan> Floating { get; init; } = [];
    public IReadOnlyList<ForwardPlan> Forwards { get; init; } = [];
    public IReadOnlyList<LimitPlan> Limits { get; init; } = [];
}

/// <param name="Addresses">With prefix length: <c>10.0.0.1/24</c>.</param>
/// <param name="Chassis">Hosts that may carry the traffic to the outside, the best first; empty for inner ports.</param>
/// <param name="RaMode">How the router advertises itself to IPv6 guests; null = not at all.</param>
internal sealed record RouterPortPlan(string PortId, string Mac, IReadOnlyList<string> Addresses, IReadOnlyList<string> Chassis, string? RaMode = null, int Mtu = 0);

internal sealed record SnatPlan(string SubnetId, string InnerCidr, string OuterIp);

internal sealed record FloatingPlan(string FloatingIpId, string OuterIp, string OuterMac, string InnerIp, string PortId);

/// <summary>What a floating address may carry, whichever way it leads in.</summary>
/// <param name="NetworkId">The outer network, where it is seen.</param>
internal sealed record LimitPlan(string FloatingIpId, string OuterIp, string GatewayPortId, string NetworkId, IReadOnlyList<QosPlan> Qos);

/// <summary>One port of an outer address that leads to one of an inner address.</summary>
internal sealed record ForwardPlan(string Id, string Protocol, string OuterIp, int OuterPort, string InnerIp, int InnerPort);

internal sealed record GroupPlan(string GroupId, IReadOnlyList<GroupRulePlan> Rules) : FabricPlan(FabricKind.Group, GroupId);

/// <param name="Protocol">IANA number; null = any.</param>
/// <param name="Min">First port, or ICMP type.</param>
/// <param name="Max">Last port, or ICMP code.</param>
internal sealed record GroupRulePlan(string RuleId, bool Ingress, bool V6, int? Protocol, int? Min, int? Max, string? RemotePrefix, string? RemoteGroupId);
