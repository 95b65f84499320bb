using Xiangyun.Optimizer.Packing;

namespace Xiangyun.Optimizer.Public;

/// <summary>How a request chooses among the hosts that may take it.</summary>
public enum Choice { Scarcity, FirstFit, BestFit }

/// <summary>
/// Places requests one after the other, knowing those before only. Ours takes the place that costs least of what is scarce: for each kind of
/// request seen so far, how many more of it the estate could still hold, and what share of that this place would destroy.
/// </summary>
public sealed class Packer(IReadOnlyList<Room> rooms, Choice choice)
{
    private const double Steepness = 1;
    private readonly GroupRules _rules = new(rooms);
    private readonly Dictionary<(int Cores, int Ram, int Nodes), int> _kinds = [];
    private readonly List<(int Cores, int Ram, int Nodes)> _list = [];
    private readonly List<double> _seen = [], _left = [];

    /// <summary>The host, or -1: none has room, or the group's rule leaves none.</summary>
    public int Place(in Wish wish)
    {
        Learn(wish);
        var (best, least) = (-1, double.MaxValue);
        var rack = choice == Choice.Scarcity && _rules.Begins(wish) ? Roomiest(wish) : -1;
        for (var host = 0; host < rooms.Count; host++)
        {
            if (rack >= 0 && rooms[host].Rack != rack) continue;
            if (!rooms[host].Fits(wish.Cores, wish.RamGb, wish.Nodes) || !_rules.Allows(wish, host)) continue;
            if (choice == Choice.FirstFit) { best = host; break; }
            var cost = choice == Choice.BestFit ? rooms[host].Ram0 + rooms[host].Ram1 : Cost(wish, rooms[host], least);
            if (cost < least) (best, least) = (host, cost);
        }
        if (best < 0) return -1;
        Count(best, -1);
        rooms[best].Take(wish.Cores, wish.RamGb, wish.Nodes, rooms[best].Node(wish.Cores, wish.RamGb));
        Count(best, 1);
        _rules.Joined(wish, best);
        return best;
    }

    /// <summary>Who will follow a group's first member is not known, so it starts where most of its like would fit.</summary>
    private int Roomiest(Wish wish) => rooms.GroupBy(r => r.Rack).MaxBy(g => g.Sum(r => r.Count(wish.Cores, wish.RamGb, wish.Nodes)))!.Key;

    private double Cost(in Wish wish, Room room, double least)
    {
        var node = room.Node(wish.Cores, wish.RamGb);
        double cost = 0;
        Span<int> before = stackalloc int[_list.Count];
        for (var k = 0; k < before.Length; k++) before[k] = room.Count(_list[k].Cores, _list[k].Ram, _list[k].Nodes);
        room.Take(wish.Cores, wish.RamGb, wish.Nodes, node);
        for (var k = 0; k < before.Length && cost < least; k++)
        {
            var lost = before[k] - room.Count(_list[k].Cores, _list[k].Ram, _list[k].Nodes);
            if (lost > 0) cost += lost * Weight(k);
        }
        room.Take(wish.Cores, wish.RamGb, wish.Nodes, node, -1);
        return cost;
    }

    /// <summary>A kind counts by how often it is asked for and by how few of it still fit.</summary>
    private double Weight(int kind) => _seen[kind] / Math.Pow(Math.Max(_left[kind], 0.5), 1 + Steepness);

    private void Learn(in Wish wish)
    {
        var kind = (wish.Cores, wish.RamGb, wish.Nodes);
        if (!_kinds.TryGetValue(kind, out var at))
        {
            _kinds[kind] = at = _list.Count;
            _list.Add(kind);
            _seen.Add(0);
            _left.Add(rooms.Sum(r => (double)r.Count(kind.Cores, kind.RamGb, kind.Nodes)));
        }
        _seen[at]++;
    }

    private void Count(int host, int sign)
    {
        for (var k = 0; k < _list.Count; k++) _left[k] += sign * rooms[host].Count(_list[k].Cores, _list[k].Ram, _list[k].Nodes);
    }
}
