using Xiangyun.Network.Networks;

namespace Xiangyun.Network.Ports;

/// <summary>A port that somebody wants: a client, Compute, a router, a floating IP or the metadata service.</summary>
internal sealed record PortWish(NetworkRow Network, string ProjectId)
{
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public string? Mac { get; init; }
    /// <summary>null = one address of any subnet.</summary>
    public IReadOnlyList<AddressWish>? Fixed { get; init; }
    /// <summary>Ids; null = the project's default group when the port is secured.</summary>
    public IReadOnlyList<string>? Groups { get; init; }
    public string DeviceId { get; init; } = "";
    public string DeviceOwner { get; init; } = "";
    public bool AdminStateUp { get; init; } = true;
    public bool? PortSecurity { get; init; }
    public string AddressPairs { get; init; } = "[]";
    public string VnicType { get; init; } = "normal";
    public string BindingProfile { get; init; } = "{}";
    public string? HostId { get; init; }
    public bool MadeByCompute { get; init; }
    public string? QosPolicyId { get; init; }
    public string DnsName { get; init; } = "";
}
