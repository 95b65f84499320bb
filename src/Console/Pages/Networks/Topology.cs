using Xiangyun.Client;
using Xiangyun.Client.Records;

namespace Xiangyun.Console.Pages.Networks;

/// <summary>What hangs on what: exits, routers, networks, servers and, for operators, the hosts that carry them.</summary>
internal sealed record Topology(IReadOnlyList<Network> Networks, IReadOnlyList<Router> Routers, IReadOnlyList<Port> Ports, IReadOnlyList<Server> Servers, IReadOnlyList<Host> Hosts, bool Cut)
{
    public const int Most = 1000;

    /// <param name="all">All projects: only for those who may list them.</param>
    /// <param name="hosts">With the hosts: only for operators.</param>
    /// <param name="projects">Only what belongs to these; null = all that the caller sees.</param>
    public static async Task<Topology> Load(Api api, bool all = false, bool hosts = false, IReadOnlySet<string>? projects = null, CancellationToken ct = default)
    {
        var one = projects is { Count: 1 } ? projects.Single() : null;
        var networks = api.All<Network>("network", "/networks", "networks", n => n.Id, ct: ct);
        var routers = api.All<Router>("network", "/routers", "routers", r => r.Id, ct: ct);
        var ports = api.All<Port>("network", "/ports?fields=id&fields=network_id&fields=device_id&fields=device_owner&fields=project_id", "ports", p => p.Id, 20_000, ct);
        var servers = api.All<Server>("compute", !all ? "/servers/detail" : one is null ? "/servers/detail?all_tenants=1" : $"/servers/detail?all_tenants=1&project_id={one}", "servers", s => s.Id, projects is { Count: > 1 } ? 10_000 : Most + 1, ct);
        var carriers = hosts ? api.All<Host>("xiangyun", "/hosts", "hosts", h => h.Id, ct: ct) : Task.FromResult<IReadOnlyList<Host>>([]);
        await Task.WhenAll(networks, routers, ports, servers, carriers);
        bool Mine(string? project) => projects is null || project is not null && projects.Contains(project);
        var shown = servers.Result.Where(s => Mine(s.TenantId)).ToList();
        var used = ports.Result.Where(p => Mine(p.ProjectId)).Select(p => p.NetworkId).ToHashSet();
        return new Topology([.. networks.Result.Where(n => n.External || (all ? Mine(n.ProjectId) : n.ProjectId == api.Session.Scope?.Id) || used.Contains(n.Id))], [.. routers.Result.Where(r => Mine(r.ProjectId))], ports.Result, [.. shown.Take(Most)], carriers.Result, shown.Count > Most);
    }

    /// <summary>Only servers in that state, and what they hang on.</summary>
    public Topology In(string? status)
    {
        if (string.IsNullOrEmpty(status)) return this;
        var servers = Servers.Where(s => s.Status == status).ToList();
        var ids = servers.Select(s => s.Id).ToHashSet();
        var networks = Ports.Where(p => ids.Contains(p.DeviceId)).Select(p => p.NetworkId).ToHashSet();
        var routers = Ports.Where(p => networks.Contains(p.NetworkId) && p.DeviceOwner.StartsWith("network:router", StringComparison.Ordinal)).Select(p => p.DeviceId).ToHashSet();
        return this with { Servers = servers, Networks = [.. Networks.Where(n => n.External || networks.Contains(n.Id))], Routers = [.. Routers.Where(r => routers.Contains(r.Id))] };
    }

    /// <summary>Only what stands within two steps of one server.</summary>
    public Topology Around(string serverId)
    {
        var networks = Ports.Where(p => p.DeviceId == serverId).Select(p => p.NetworkId).ToHashSet();
        var routers = Ports.Where(p => networks.Contains(p.NetworkId) && p.DeviceOwner.StartsWith("network:router", StringComparison.Ordinal)).Select(p => p.DeviceId).ToHashSet();
        var exits = Routers.Where(r => routers.Contains(r.Id)).Select(r => r.External?.NetworkId).OfType<string>().ToHashSet();
        var beside = Ports.Where(p => networks.Contains(p.NetworkId)).Select(p => p.DeviceId).ToHashSet();
        return this with { Networks = [.. Networks.Where(n => networks.Contains(n.Id) || exits.Contains(n.Id))], Routers = [.. Routers.Where(r => routers.Contains(r.Id))], Servers = [.. Servers.Where(s => s.Id == serverId || beside.Contains(s.Id)).OrderBy(s => s.Id != serverId).Take(30)] };
    }
}
