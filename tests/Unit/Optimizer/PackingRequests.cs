using Xiangyun.Optimizer.Public;

namespace Xiangyun.Unit.Optimizer;

public sealed class PackingRequests
{
    private static Room[] Rooms(int count, int perRack = 2) => [.. Enumerable.Range(0, count).Select(i => new Room(i / perRack, 16, 64, 16, 64))];

    [Theory]
    [InlineData(Choice.Scarcity)]
    [InlineData(Choice.FirstFit)]
    public void rules_of_groups_are_obeyed(Choice choice)
    {
        var rooms = Rooms(4);
        var packer = new Packer(rooms, choice);
        var apart = Enumerable.Range(0, 4).Select(_ => packer.Place(new Wish(2, 4, 1, Together.DifferentHosts, 1, -1))).ToList();
        Assert.Equal(4, apart.Distinct().Count());
        Assert.Equal(-1, packer.Place(new Wish(2, 4, 1, Together.DifferentHosts, 1, -1)));
        var rack = Enumerable.Range(0, 4).Select(_ => rooms[packer.Place(new Wish(2, 4, 1, Together.SameRack, 2, -1))].Rack);
        Assert.Single(rack.Distinct());
        var domains = new[] { 0, 1, 0, 1 }.Select(d => (Domain: d, Host: packer.Place(new Wish(2, 4, 1, Together.FaultDomains, 3, d)))).ToList();
        Assert.DoesNotContain(domains, a => domains.Any(b => b.Host == a.Host && b.Domain != a.Domain));
    }

    [Fact]
    public void a_request_of_two_nodes_needs_half_on_each()
    {
        Room[] rooms = [new(0, 32, 128, 4, 16)];
        Assert.Equal(-1, new Packer(rooms, Choice.Scarcity).Place(new Wish(16, 32, 2, Together.Free, -1, -1)));
        Assert.Equal(0, new Packer(rooms, Choice.Scarcity).Place(new Wish(16, 32, 1, Together.Free, -1, -1)));
    }

    [Fact]
    public void small_requests_spare_the_room_that_large_ones_need()
    {
        Room[] rooms = [new(0, 16, 64, 16, 64), new(0, 16, 64, 16, 64), new(0, 8, 32, 8, 32)];
        var packer = new Packer(rooms, Choice.Scarcity);
        Assert.Equal(0, packer.Place(new Wish(32, 128, 2, Together.Free, -1, -1)));
        Assert.Equal(2, packer.Place(new Wish(4, 16, 1, Together.Free, -1, -1)));
    }
}
