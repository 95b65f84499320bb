namespace Xiangyun.Unit.Console;

using Xiangyun.Client.Records; // in here, or Network and Server would be the modules
using Xiangyun.Console.Pages.Networks;

/// <summary>Where the topology draws things: everything once, nothing upon another, exits above and hosts below, and the same each time.</summary>
public sealed class TopologyMaps
{
    private static Topology Estate(int networks, int each)
    {
        var exit = new Network("exit", "exit", "ACTIVE", true, true, true, [], 1500, null);
        var inner = Enumerable.Range(0, networks).Select(n => new Network($"n{n:000}", $"net{n}", "ACTIVE", true, false, false, [], 1500, $"p{n}")).ToList();
        var routers = inner.Select(n => new Router("r" + n.Id, "r", "ACTIVE", new Gateway("exit"), n.ProjectId)).ToList();
        var servers = inner.SelectMany(n => Enumerable.Range(0, each).Select(s => new Server { Id = $"s{n.Id}-{s:00}", Name = $"{n.Name}-{s}", Status = s % 7 == 0 ? "SHUTOFF" : "ACTIVE", Host = $"h{s % 9}", TenantId = n.ProjectId })).ToList();
        Port Port(string network, string device, string owner) => new($"{network}{device}", "", network, device, owner, "ACTIVE", "", [], [], null);
        var ports = servers.Select(s => Port(s.Id[1..5], s.Id, "compute:nova")).Concat(routers.Select(r => Port(r.Id[1..], r.Id, "network:router_interface"))).ToList();
        var hosts = Enumerable.Range(0, 9).Select(h => new Host($"id{h}", $"h{h}", "nova", true, null, true, h > 0, null, null, 8, 1024, 10, 1, 10, 1, 40, 0)).ToList();
        return new Topology([exit, .. inner], routers, ports, servers, hosts, false);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(60, 17)]
    public void everything_is_drawn_once_and_nothing_upon_another(int networks, int each)
    {
        var (map, again) = (new TopologyMap(Estate(networks, each)), new TopologyMap(Estate(networks, each)));
        Assert.Equal(1 + networks * (2 + each) + 9, map.Nodes.Count);
        Assert.Equal(map.Nodes, again.Nodes);
        Assert.Equal(networks * (each * 2 + 2), map.Links.Count); // a server to its network and its host; a router to its network and the exit
        var servers = map.Nodes.Where(n => n.Kind is "running" or "off").ToList();
        Assert.Equal(networks * each, servers.Count);
        for (var a = 0; a < servers.Count; a++)
            for (var b = a + 1; b < servers.Count; b++)
                Assert.True(Math.Abs(servers[a].X - servers[b].X) + Math.Abs(servers[a].Y - servers[b].Y) > 10, $"{servers[a].Name} lies upon {servers[b].Name}");
        var (above, below) = (map.Nodes.Single(n => n.Kind == "exit").Y, map.Nodes.Where(n => n.Kind.StartsWith("host", StringComparison.Ordinal)).Min(n => n.Y));
        Assert.All(servers, s => Assert.InRange(s.Y, above + 1, below - 1));
    }

    [Fact]
    public void only_what_is_in_a_state_and_what_it_hangs_on_is_left()
    {
        var off = Estate(5, 8).In("SHUTOFF");
        Assert.Equal(10, off.Servers.Count);
        Assert.Equal(6, off.Networks.Count);
        Assert.Equal(5, off.Routers.Count);
        Assert.Single(Estate(5, 8).Around("sn001-03").Networks, n => !n.External);
    }
}
