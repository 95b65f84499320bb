using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Networks;

/// <summary>What hangs on what in one project: exit, routers, networks, servers; and its picture as data for the chart.</summary>
internal sealed record Topology(IReadOnlyList<Network> Networks, IReadOnlyList<Router> Routers, IReadOnlyList<Port> Ports, IReadOnlyList<Server> Servers, bool Cut)
{
    public const int Most = 1000;

    public static async Task<Topology> Load(Api api, CancellationToken ct = default)
    {
        var networks = api.All<Network>("network", "/networks", "networks", n => n.Id, ct: ct);
        var routers = api.All<Router>("network", "/routers", "routers", r => r.Id, ct: ct);
        var ports = api.All<Port>("network", "/ports?fields=id&fields=network_id&fields=device_id&fields=device_owner&fields=status&fields=mac_address&fields=fixed_ips", "ports", p => p.Id, ct: ct);
        var servers = api.All<Server>("compute", "/servers/detail", "servers", s => s.Id, Most + 1, ct: ct);
        await Task.WhenAll(networks, routers, ports, servers);
        var mine = ports.Result.Select(p => p.NetworkId).ToHashSet();
        return new Topology([.. networks.Result.Where(n => mine.Contains(n.Id) || n.ProjectId == api.Session.Scope?.Id || n.External)], routers.Result, ports.Result, [.. servers.Result.Take(Most)], servers.Result.Count > Most);
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

    public object Chart(Words w, string? focus = null)
    {
        var many = Servers.Count > 120;
        var servers = Servers.Select(s => s.Id).ToHashSet();
        var nodes = Networks.Select(n => Node(n.Id, n.Name, n.External ? 0 : 2, n.External ? 44 : many ? 18 : 32, "roundRect", ConsoleModule.Root + "/networks?f.name=" + Uri.EscapeDataString(n.Name), true))
            .Concat(Routers.Select(r => Node(r.Id, r.Name, 1, many ? 14 : 28, "diamond", null, !many)))
            .Concat(Servers.Select(s => Node(s.Id, s.Name, s.Status == "ERROR" ? 4 : 3, s.Id == focus ? 26 : many ? 8 : 14, "circle", $"{ConsoleModule.Root}/servers/{s.Id}", !many || s.Id == focus))).ToList();
        var known = nodes.Select(n => n.id).ToHashSet();
        var links = Ports.Where(p => servers.Contains(p.DeviceId) || p.DeviceOwner.StartsWith("network:router_interface", StringComparison.Ordinal)).Select(p => (p.DeviceId, p.NetworkId))
            .Concat(Routers.Where(r => r.External is not null).Select(r => (r.Id, r.External!.NetworkId))).Distinct()
            .Where(l => known.Contains(l.Item1) && known.Contains(l.Item2)).Select(l => new { source = l.Item1, target = l.Item2 }).ToList();
        return new
        {
            tooltip = new { show = true },
            legend = new { top = 8, left = 12, padding = 8, backgroundColor = "var(--card)", borderColor = "var(--line)", borderWidth = 1, borderRadius = 4, textStyle = new { color = "var(--quiet)" }, data = Kinds(w).Select(k => k.name) },
            color = new[] { "#1664ff", "#7b61ff", "#00a3a3", "#27a555", "#e5484d" },
            series = new[]
            {
                new
                {
                    type = "graph", layout = "force", roam = true, draggable = !many, top = 56, zoom = many ? 0.6 : 1, labelLayout = new { hideOverlap = true }, categories = Kinds(w), nodes, links,
                    force = new { repulsion = many ? 36 : 260, edgeLength = many ? 22 : 80, gravity = many ? 0.12 : 0.08, friction = 0.2, layoutAnimation = !many },
                    label = new { position = "bottom", color = "var(--text)", fontSize = 11 }, lineStyle = new { color = "var(--faint)", width = 1, opacity = 0.6 }, emphasis = new { focus = many ? "none" : "adjacency" }, scaleLimit = new { min = 0.2, max = 8 },
                },
            },
        };
    }

    private static NodeItem Node(string id, string name, int category, int size, string symbol, string? href, bool label) => new(id, name.Length > 0 ? name : id[..8], category, size, symbol, href, new { show = label });

    private static List<Kind> Kinds(Words w) => [new(w["topology.external"]), new(w["topology.router"]), new(w["topology.network"]), new(w["topology.server"]), new(w["topology.server_bad"])];

#pragma warning disable IDE1006 // names as the chart library reads them
    private sealed record Kind(string name);
    private sealed record NodeItem(string id, string name, int category, int symbolSize, string symbol, string? href, object label);
#pragma warning restore IDE1006
}
