using Xiangyun.Network.Data;

namespace Xiangyun.Network.Ports;

internal sealed class PortRow : ResourceRow
{
    public required string NetworkId { get; init; }
    public required string Mac { get; set; }
    public bool AdminStateUp { get; set; } = true;
    public string DeviceId { get; set; } = "";
    public string DeviceOwner { get; set; } = "";
    public bool PortSecurityEnabled { get; set; } = true;
    public string AddressPairs { get; set; } = "[]";
    public string VnicType { get; set; } = "normal";
    public string BindingProfile { get; set; } = "{}";
    /// <summary>Where the port lives; null = nowhere yet.</summary>
    public string? HostId { get; set; }
    /// <summary>Set: its guest is moving to this host while it runs, and both may carry the port.</summary>
    public string? MovesTo { get; set; }
    public bool MadeByCompute { get; set; }
    public string? QosPolicyId { get; set; }
    /// <summary>What the other guests of its network call it; empty = nothing.</summary>
    public string DnsName { get; set; } = "";
    /// <summary>Observed: the fabric (or the host) says that it carries traffic.</summary>
    public bool SeenUp { get; set; }

    /// <summary>Made by the cloud for its own ends: it never makes its own address.</summary>
    public bool OfCloud => OfRouter || DeviceOwner is PortOwners.FloatingIp or PortOwners.Metadata;
    public bool OfRouter => DeviceOwner is PortOwners.RouterInterface or PortOwners.RouterGateway;

    /// <summary>What clients see, from what is wanted and what was seen.</summary>
    public string Status => DeviceOwner switch
    {
        PortOwners.FloatingIp => "N/A",
        _ when !AdminStateUp => "DOWN",
        PortOwners.RouterInterface or PortOwners.RouterGateway or PortOwners.Metadata => ObservedGeneration > 0 ? "ACTIVE" : "DOWN",
        Trunks.Subports.Owner => SeenUp ? "ACTIVE" : "DOWN",
        _ => HostId is not null && SeenUp ? "ACTIVE" : "DOWN",
    };
}

internal sealed class PortAddressRow
{
    public required string SubnetId { get; init; }
    public required long Number { get; init; }
    public required string NetworkId { get; init; }
    public required string PortId { get; init; }
    public required string Ip { get; init; }
    public int Position { get; init; }
}

internal sealed class PortGroupRow
{
    public required string PortId { get; init; }
    public required string GroupId { get; init; }
}

internal sealed record AddressPair(string IpAddress, string MacAddress);

internal static class PortOwners
{
    public const string RouterInterface = "network:router_interface";
    public const string RouterGateway = "network:router_gateway";
    public const string FloatingIp = "network:floatingip";
    /// <summary>The port that serves metadata on every host of its network.</summary>
    public const string Metadata = "network:distributed";
    public const string Compute = "compute:";
}
