using Xiangyun.Optimizer.Forecasting;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>A copy of the estate on which the planner tries moves.</summary>
internal sealed class Draft
{
    private const int Lately = 3;
    private const double ShortAlready = 0.2;
    private readonly State _state;
    private readonly Tuning _tuning;
    private readonly Chance[] _next, _later;
    private readonly LoadCurve?[] _soonOf, _laterOf;
    private readonly double[] _ram, _incoming, _now, _mips, _cost, _largest;
    private readonly double _common, _meanMb;
    private readonly bool _first;
    private readonly Bounds? _bounds;

    public Draft(State state, Profiles profiles, Tuning tuning, int[]? ids)
    {
        (_state, _tuning) = (state, tuning);
        _common = profiles.Common;
        if (!ReferenceEquals(state.Limits, Limits.None) || state.Vms.Any(v => v.Books.Length > 0)) _bounds = new Bounds(state);
        HostOf = [.. state.HostOf];
        On = [.. state.Hosts.Select(_ => new List<int>())];
        (_next, _later) = (new Chance[state.Vms.Count], new Chance[state.Vms.Count]);
        (_soonOf, _laterOf) = (new LoadCurve?[On.Length], new LoadCurve?[On.Length]);
        (_ram, _incoming) = (new double[On.Length], new double[On.Length]);
        (_first, _largest) = (profiles.Step <= 2, new double[On.Length]);
        (_now, _mips, _cost) = (new double[On.Length], new double[HostOf.Length], new double[HostOf.Length]);
        var forecaster = new Forecaster(profiles, tuning);
        Parallel.For(0, HostOf.Length, vm =>
        {
            if (HostOf[vm] < 0) return;
            var id = ids?[vm] ?? vm;
            _mips[vm] = profiles.Known(id) == 0 ? state.Vms[vm].Mips : profiles.Ago(id, 0) / 100.0 * state.Vms[vm].Mips;
            _next[vm] = forecaster.Next(ids?[vm] ?? vm, state.Vms[vm].Mips);
            _later[vm] = forecaster.Later(ids?[vm] ?? vm, state.Vms[vm].Mips);
        });
        Level(profiles, ids);
        for (var vm = 0; vm < HostOf.Length; vm++)
        {
            if (HostOf[vm] < 0) continue;
            On[HostOf[vm]].Add(vm);
            _ram[HostOf[vm]] += state.Vms[vm].WorkingMb;
            _now[HostOf[vm]] += _mips[vm];
            _cost[vm] = state.Vms[vm].WorkingMb * _mips[vm];
        }
        _meanMb = Math.Max(1, _ram.Sum() / Math.Max(1, HostOf.Count(h => h >= 0)));
        var mean = _cost.Sum() / Math.Max(1, _cost.Count(c => c > 0));
        for (var vm = 0; vm < _cost.Length && mean > 0; vm++) _cost[vm] = tuning.LeastGain * Math.Clamp(_cost[vm] / mean, 0.1, 10);
        Parallel.For(0, On.Length, host => { if (On[host].Count > 0) Rebuild(host); });
        Active = [.. Enumerable.Range(0, On.Length).Where(h => On[h].Count > 0)];
    }

    public int[] HostOf { get; }
    public List<int>[] On { get; }
    public List<int> Active { get; }

    public Chance Next(int vm) => _next[vm];

    public double Soon(int host) => On[host].Count == 0 ? 0 : _soonOf[host]!.Risk;

    public double Later(int host) => On[host].Count == 0 ? 0 : _laterOf[host]!.Risk;

    public double Mean(int host) => On[host].Count == 0 ? 0 : _soonOf[host]!.Mean;

    public double Score(int host) => Soon(host) + _tuning.LaterWeight * Later(host) + Short(host, 0);

    /// <summary>What a host lacks already: it lasts until VMs have left, whatever comes next.</summary>
    public double Short(int host, double mips, double mb = 0) =>
        Lack(_now[host] + mips, _state.Hosts[host].Mips) + (_state.RamBinds ? Lack(_ram[host] + mb, _state.Hosts[host].RamMb) : 0);

    private static double Lack(double wanted, double there) => wanted <= there ? 0 : ShortAlready + (wanted - there) / there;

    /// <summary>The gain that a move must bring: its VM is slowed while it moves, the longer the more memory, the worse the busier it is.</summary>
    public double Cost(int vm) => _cost[vm];

    /// <summary>The same without bounds. Nothing for a VM that this plan moves anyway.</summary>
    public double Dear(int vm) => HostOf[vm] == _state.HostOf[vm] ? _state.Vms[vm].WorkingMb * _mips[vm] : 0;

    /// <summary>Cores as fast as the VM may want, a network that can take it in with the others on their way, and where memory binds enough of it.</summary>
    public bool Fits(int vm, int host) => _state.Hosts[host].CoreMips * _state.Vms[vm].Cores >= _state.Vms[vm].Mips && _state.Hosts[host].Cores >= _state.Vms[vm].Cores &&
        (_state.HostOf[vm] == host || _incoming[host] + _state.Vms[vm].WorkingMb <= _state.Hosts[host].NicGbit * _state.MovableMbPerGbit) &&
        (!_state.RamBinds || _ram[host] + _state.Vms[vm].WorkingMb <= _state.Hosts[host].RamMb) && May(vm, host);

    /// <summary>Nothing but its load and memory speaks against it.</summary>
    public bool May(int vm, int host) => _bounds?.Allow(vm, HostOf[vm], host) != false;

    /// <summary>None of its VMs has to stay; else trying to empty it is in vain.</summary>
    public bool MayEmpty(int host) => _bounds?.MayEmpty(On[host]) != false;

    public double Busy(int vm) => _mips[vm];

    /// <summary>What some time costs, told by the memory that moves in it.</summary>
    public double Price(double each, double mb) => each * Math.Max(0, mb) / _meanMb;

    /// <summary>Hosts that take VMs in have a price. Not in the first plan of all: that troubles every host that stays.</summary>
    public bool Troubles => _tuning.Disturbs > 0 && !_first;

    /// <summary>The price of making a host take the VM in: nothing beyond what it takes in anyway.</summary>
    public double Disturbance(int vm, int to) =>
        !Troubles || _state.HostOf[vm] == to || _mips[vm] == 0 ? 0 : Price(_tuning.Disturbs, _state.Vms[vm].WorkingMb - _largest[to]);

    public double SoonWith(int vm, int host) => Curve(_soonOf, host).RiskWith(_next[vm]);

    public double LaterWith(int vm, int host) => Curve(_laterOf, host).RiskWith(_later[vm]);

    public double ScoreWith(int vm, int host) => SoonWith(vm, host) + _tuning.LaterWeight * LaterWith(vm, host) + Short(host, _mips[vm], _state.Vms[vm].WorkingMb);

    /// <summary>The host's score if that VM were gone.</summary>
    public double ScoreWithout(int vm, int host)
    {
        return _soonOf[host]!.RiskWithout(vm, On[host], _next) + _tuning.LaterWeight * _laterOf[host]!.RiskWithout(vm, On[host], _later) +
            Short(host, -_mips[vm], -_state.Vms[vm].WorkingMb);
    }

    public void Move(int vm, int to)
    {
        var from = HostOf[vm];
        On[from].Remove(vm);
        _ram[from] -= _state.Vms[vm].WorkingMb;
        if (On[from].Count == 0) Active.Remove(from);
        else Rebuild(from);
        if (On[to].Count == 0) Active.Add(to);
        Curve(_soonOf, to).Add(_next[vm]);
        Curve(_laterOf, to).Add(_later[vm]);
        On[to].Add(vm);
        _ram[to] += _state.Vms[vm].WorkingMb;
        (_now[from], _now[to]) = (_now[from] - _mips[vm], _now[to] + _mips[vm]);
        if (_state.HostOf[vm] != from) _incoming[from] -= _state.Vms[vm].WorkingMb;
        if (_state.HostOf[vm] != to) _incoming[to] += _state.Vms[vm].WorkingMb;
        HostOf[vm] = to;
        if (_tuning.Disturbs > 0) (_largest[from], _largest[to]) = (Largest(from), Largest(to));
        _bounds?.Moved(vm, from, to);
        if (On[from].Count == 0) Rebuild(from);
    }

    /// <summary>How loaded the whole fleet is now is known better than where each VM goes: forecasts that lag behind it are brought to its level.</summary>
    private void Level(Profiles profiles, int[]? ids)
    {
        double now = 0, expected = 0;
        for (var vm = 0; vm < HostOf.Length; vm++)
        {
            var id = ids?[vm] ?? vm;
            var known = HostOf[vm] < 0 ? 0 : Math.Min(profiles.Known(id), Lately);
            if (known == 0) continue;
            double sum = 0;
            for (var age = 0; age < known; age++) sum += profiles.Ago(id, age);
            now += sum / known / 100 * _state.Vms[vm].Mips;
            expected += _next[vm].Mean;
        }
        if (expected <= 0) return;
        var ratio = (float)Math.Clamp(now / expected, 0.8, 1.2);
        for (var vm = 0; vm < HostOf.Length; vm++)
            if (HostOf[vm] >= 0) (_next[vm], _later[vm]) = (_next[vm].Times(ratio), _later[vm].Times(ratio));
    }

    /// <summary>MB of the largest VM that comes and asks for something.</summary>
    private double Largest(int host)
    {
        double largest = 0;
        foreach (var vm in On[host]) if (_state.HostOf[vm] != host && _mips[vm] > 0) largest = Math.Max(largest, _state.Vms[vm].WorkingMb);
        return largest;
    }

    private LoadCurve Curve(LoadCurve?[] curves, int host) => curves[host] ??= LoadCurve.Of(_state.Hosts[host], _common);

    private void Rebuild(int host)
    {
        var (soon, later) = (Curve(_soonOf, host), Curve(_laterOf, host));
        soon.Clear();
        later.Clear();
        foreach (var vm in On[host])
        {
            soon.Add(_next[vm]);
            later.Add(_later[vm]);
        }
    }
}
