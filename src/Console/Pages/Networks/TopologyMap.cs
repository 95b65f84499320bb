using Xiangyun.Client.Records;

namespace Xiangyun.Console.Pages.Networks;

/// <summary>One thing of the picture and where it is drawn.</summary>
internal sealed record MapNode(string Id, string Name, string Kind, double X, double Y, double Size, string? Href, string? More, double? Load = null);

/// <summary>
/// Where everything is drawn: exits above, each network a disc of its servers with its router over it, hosts below. Places
/// follow from the data alone, so the picture stands still while its colours change, needs no time to settle, and any part
/// of it can be pointed at. Pure.
/// </summary>
internal sealed class TopologyMap
{
    private const double Dot = 14, Gap = 46;
    private readonly List<MapNode> _nodes = [];
    private readonly List<(string From, string To)> _links = [];

    public IReadOnlyList<MapNode> Nodes => _nodes;
    public IReadOnlyList<(string From, string To)> Links => _links;

    /// <summary>Much wider than high.</summary>
    public bool Wide => _nodes.Count > 0 && _nodes.Max(n => n.X) - _nodes.Min(n => n.X) > 1.9 * (_nodes.Max(n => n.Y) - _nodes.Min(n => n.Y) + 1);

    public TopologyMap(Topology of, string? focus = null)
    {
        var servers = of.Servers.ToDictionary(s => s.Id);
        var inner = of.Networks.Where(n => !n.External).ToList();
        var home = new Dictionary<string, string>(); // server -> the network in whose disc it is drawn
        foreach (var port in of.Ports.Where(p => servers.ContainsKey(p.DeviceId)).OrderBy(p => p.NetworkId, StringComparer.Ordinal)) home.TryAdd(port.DeviceId, port.NetworkId);
        var discs = inner.OrderBy(n => n.ProjectId, StringComparer.Ordinal).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => (Network: n, Servers: of.Servers.Where(s => home.GetValueOrDefault(s.Id) == n.Id).OrderBy(s => s.Id == focus ? 0 : 1).ThenBy(s => s.Name, StringComparer.Ordinal).ToList())).ToList();
        var loose = of.Servers.Where(s => !home.TryGetValue(s.Id, out var at) || inner.All(n => n.Id != at)).ToList();
        var many = of.Servers.Count > 120;

        var over = of.Ports.Where(p => p.DeviceOwner.StartsWith("network:router_interface", StringComparison.Ordinal)).ToLookup(p => p.NetworkId, p => p.DeviceId);
        var routers = of.Routers.ToDictionary(r => r.Id);
        var placed = new HashSet<string>();
        var shapes = discs.Select(d => (d.Network, d.Servers, Radius: Radius(d.Servers.Count), Routers: over[d.Network.Id].Distinct().Where(routers.ContainsKey).ToList())).ToList();
        var width = Math.Max(Math.Sqrt(shapes.Sum(s => (2 * s.Radius + Gap) * (2 * s.Radius + Gap * 2)) * 2.4), shapes.Count == 0 ? 0 : shapes.Max(s => 2 * s.Radius + Gap));
        var (x, y, high) = (0.0, 0.0, 0.0);
        foreach (var shape in shapes)
        {
            var across = 2 * shape.Radius + Gap;
            if (x > 0 && x + across > width) (x, y, high) = (0, y + high + Gap, 0);
            var (cx, cy) = (x + across / 2, y + Gap + shape.Radius);
            foreach (var (n, id) in shape.Routers.Where(placed.Add).Index()) Add(new MapNode(id, Or(routers[id].Name, id), "router", cx + n * 26, y + Gap * 0.4, many ? 13 : 24, null, null));
            Add(new MapNode(shape.Network.Id, Or(shape.Network.Name, shape.Network.Id), "network", cx, cy, many ? 18 : 30, $"{ConsoleModule.Root}/networks?f.name={Uri.EscapeDataString(shape.Network.Name)}", null));
            foreach (var (n, server) in shape.Servers.Index())
            {
                var (radius, turn) = (Dot * 1.6 * Math.Sqrt(n + 2), n * 2.399963); // each next one by the golden angle: even, whatever their number
                Add(Server(server, cx + radius * Math.Cos(turn), cy + radius * Math.Sin(turn), server.Id == focus ? 24 : many ? 9 : 15));
            }
            (x, high) = (x + across, Math.Max(high, 2 * shape.Radius + Gap * 1.6));
        }
        y += high;
        foreach (var (n, server) in loose.Index()) Add(Server(server, n % 40 * Dot * 2, y + Gap + n / 40 * Dot * 2, many ? 9 : 15));
        if (loose.Count > 0) y += Gap + (loose.Count / 40 + 1) * Dot * 2;
        width = Math.Max(width, 200);
        foreach (var (n, router) in of.Routers.Where(r => placed.Add(r.Id)).Index()) Add(new MapNode(router.Id, Or(router.Name, router.Id), "router", (n + 1) * width / (of.Routers.Count + 1), -Gap * 0.8, many ? 13 : 24, null, null));
        var exits = of.Networks.Where(n => n.External).ToList();
        foreach (var (n, exit) in exits.Index()) Add(new MapNode(exit.Id, Or(exit.Name, exit.Id), "exit", (n + 1) * width / (exits.Count + 1), -Gap * 2.4, 44, $"{ConsoleModule.Root}/networks?f.name={Uri.EscapeDataString(exit.Name)}", null));
        var hosts = of.Hosts.OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var row = Math.Clamp(hosts.Count / 3, 12, 50);
        var apart = width / Math.Min(row, Math.Max(1, hosts.Count));
        foreach (var (n, host) in hosts.Index()) Add(new MapNode(host.Id, host.Name, !host.Alive ? "host_down" : "host", (n % row + 0.5) * apart, y + Gap * 2 + n / row * Math.Min(apart, Gap * 1.5), many ? 12 : 22, $"{ConsoleModule.Root}/hosts/{host.Id}", host.Alive ? $"CPU {host.CpuPercent:0} %" : null, host.Alive ? host.CpuPercent : null));

        var known = _nodes.Select(n => n.Id).ToHashSet();
        var byName = hosts.ToDictionary(h => h.Name, h => h.Id);
        Link(of.Ports.Where(p => servers.ContainsKey(p.DeviceId) || p.DeviceOwner.StartsWith("network:router_interface", StringComparison.Ordinal)).Select(p => (p.DeviceId, p.NetworkId)), known);
        Link(of.Routers.Where(r => r.External is not null).Select(r => (r.Id, r.External!.NetworkId)), known);
        Link(of.Servers.Where(s => s.Host is not null && byName.ContainsKey(s.Host)).Select(s => (s.Id, byName[s.Host!])), known);
    }

    private static double Radius(int servers) => Dot * 1.6 * Math.Sqrt(servers + 2) + Dot;

    private void Add(MapNode node) => _nodes.Add(node);

    private void Link(IEnumerable<(string, string)> links, HashSet<string> known) => _links.AddRange(links.Distinct().Where(l => known.Contains(l.Item1) && known.Contains(l.Item2)));

    private static MapNode Server(Server s, double x, double y, double size) => new(s.Id, s.Name, s.Status switch { "ACTIVE" => "running", "ERROR" => "error", "SHUTOFF" or "SHELVED_OFFLOADED" or "PAUSED" or "SUSPENDED" => "off", _ => "busy" }, x, y, size, $"{ConsoleModule.Root}/servers/{s.Id}", string.Join(" ", s.Ips));

    private static string Or(string name, string id) => name.Length > 0 ? name : id[..8];
}
