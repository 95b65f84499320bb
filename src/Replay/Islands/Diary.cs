using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Ledger;

namespace Xiangyun.Replay.Islands;

/// <summary>Writes down, while the evaluator counts, which host was on when and who stayed there: all that one needs to count again.</summary>
internal sealed class Diary : IWitness
{
    private readonly OldEstate _estate;
    private readonly Stay[] _now;
    private readonly List<Stay>[] _stays;
    private readonly List<Span>[] _on;
    private World? _world;
    private double _day;

    public Diary(OldEstate estate)
    {
        _estate = estate;
        _stays = [.. estate.Hosts.Select(_ => new List<Stay>())];
        _on = [.. estate.Hosts.Select(_ => new List<Span>())];
        _now = [.. estate.HostOf.Select((host, vm) => new Stay(vm, host, 0, 0, 0, 0))];
    }

    public int Day { get; private set; }

    public int Moves { get; private set; }

    public void Begin(int day) => (Day, _day, _world, Moves) = (day, day * (double)Span.DaySeconds, null, 0);

    /// <summary>Who runs where; told when the day's policy has begun.</summary>
    public void Watch(World world) => _world = world;

    /// <summary>An old data centre is closed as a whole, and the cloud's spare is on as soon as there is a cloud.</summary>
    public bool KeptOn(int host)
    {
        if (host >= _estate.FirstSpare) return Day > 0;
        var island = _estate.IslandOf[host];
        return island >= 0 && _world is { } world && OnIsland(island, world);
    }

    public void Counted(int host, double from, double to)
    {
        var spans = _on[host];
        if (spans.Count > 0 && spans[^1].To == _day + from) spans[^1] = spans[^1] with { To = _day + to };
        else spans.Add(new Span(_day + from, _day + to));
    }

    public void Moved(Journey journey, double begin)
    {
        var (left, arrived, old) = (_day + begin + journey.Start, _day + begin + journey.End, _now[journey.Move.Vm]);
        _stays[old.Host].Add(old with { Left = left, To = arrived });
        _now[journey.Move.Vm] = new Stay(old.Vm, journey.Move.To, left, arrived, 0, 0);
        Moves++;
    }

    public IReadOnlyList<HostBook> End()
    {
        var end = (Day + 1) * (double)Span.DaySeconds;
        foreach (var stay in _now) _stays[stay.Host].Add(stay with { Left = end, To = end });
        return [.. Enumerable.Range(0, _on.Length).Where(h => _on[h].Count > 0)
            .Select(h => new HostBook(_estate.Names[h], _estate.IslandOf[h] < 0 ? null : OldEstate.NameOf(_estate.IslandOf[h]), _estate.Hosts[h], _stays[h], _on[h]))];
    }

    private bool OnIsland(int island, World world)
    {
        for (var host = Array.IndexOf(_estate.IslandOf, island); host < _estate.IslandOf.Length && _estate.IslandOf[host] == island; host++)
            if (world.On[host].Count > 0) return true;
        return false;
    }
}
