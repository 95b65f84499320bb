using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Network.Public;

/// <summary>What a new server asks of one NIC: an existing port, or a network with an optional address.</summary>
public sealed record NicRequest(string? NetworkId, string? PortId, string? FixedIp)
{
    /// <summary>The owner's label of the device; Network has no use for it.</summary>
    public string? Tag { get; init; }
}

public sealed record PortAddress(string Ip, string SubnetId, string NetworkId, string NetworkName, string Cidr, string? Gateway, IReadOnlyList<string> DnsServers);

public sealed record PortView
{
    public required string Id { get; init; }
    public required string NetworkId { get; init; }
    public required string NetworkName { get; init; }
    public required string ProjectId { get; init; }
    public required string Mac { get; init; }
    public int Mtu { get; init; }
    public required string Status { get; init; }
    public string? DeviceId { get; init; }
    public bool AdminStateUp { get; init; }
    /// <summary>Made for the server by Compute, so removed with it.</summary>
    public bool MadeByCompute { get; init; }
    public IReadOnlyList<PortAddress> Fixed { get; init; } = [];
    public IReadOnlyList<string> FloatingIps { get; init; } = [];
    public IReadOnlyList<string> SecurityGroupNames { get; init; } = [];
    public string? Fault { get; init; }
}

/// <summary>A port of a server as its owner sees it there.</summary>
public sealed record ShownPort(string ServerId, string NetworkName, string Mac, IReadOnlyList<string> FixedIps, IReadOnlyList<string> FloatingIps, IReadOnlyList<string> SecurityGroupNames);

/// <summary>What Compute needs of Network; every call is inside the caller's transaction.</summary>
public interface IPorts
{
    /// <summary>Makes ports (or takes existing ones) for a server; ports made here carry its hostname. Throws the errors of Neutron as <c>CloudError</c>.</summary>
    Task<IReadOnlyList<PortView>> Take(Tx tx, Actor actor, string serverId, IReadOnlyList<NicRequest> nics, IReadOnlyList<string>? securityGroups, string zone, string hostname);

    /// <summary>Requests for <c>networks: auto</c>, or none given: the project's one network; CloudError Conflict when it is not clear which.</summary>
    Task<IReadOnlyList<NicRequest>> Auto(Query q, Actor actor);

    /// <summary>The ports live on this host from now on; null = nowhere.</summary>
    Task Bind(Tx tx, string serverId, string? hostId);

    /// <summary>Their guest moves to this host while it runs: both carry them until <see cref="Bind"/> says where it is.</summary>
    Task Moves(Tx tx, string serverId, string hostId);

    /// <summary>Lets go of all ports of a server (or one): made by Compute = deleted, others = unbound and kept.</summary>
    Task Release(Tx tx, string serverId, string? portId = null);

    /// <summary>Puts one security group of the caller's project (name or id) on all ports of a server, or takes it off.</summary>
    Task SetGroup(Tx tx, Actor actor, string serverId, string group, bool add);

    Task<IReadOnlyList<PortView>> OfServer(Query q, string serverId);
    /// <summary>The server that a port belongs to; null = none.</summary>
    Task<string?> DeviceOf(Query q, string portId);

    Task<ILookup<string, PortView>> OfServers(Query q, IReadOnlyCollection<string> serverIds);

    /// <summary>The part of them that a list of servers shows, which is read in a third of the time.</summary>
    Task<ILookup<string, ShownPort>> ShownOn(Query q, IReadOnlyCollection<string> serverIds);

    /// <summary>Servers that have a fixed or floating address matching the regular expression.</summary>
    Task<IReadOnlyList<string>> ServersWithAddress(Query q, string? projectId, string pattern);

    /// <summary>Change kind that Network reports when a port's status or addresses changed.</summary>
    public const string PortChanged = "port";
}
