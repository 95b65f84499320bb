using System.Diagnostics;
using Trace = Xiangyun.Replay.Traces.Trace;
using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Evaluation;

/// <summary>
/// Replays one day under one policy: first placement at 0 s, decisions at 300 k + 0.1 s, migrations in between. The policy is given the
/// past only; the meter sees everything from the first decision on: until then the day is the same under every policy.
/// </summary>
internal sealed class Replayer(Trace trace, HostShape[] hosts, Terms terms, IPolicy policy, bool keepRam = false, IWitness? witness = null)
{
    private const double Offset = 0.1;
    private readonly World _world = new(hosts, trace.Vms);
    private readonly Meter _meter = new();
    private readonly double[] _touched = new double[hosts.Length];
    private readonly List<Moment> _course = [];
    private Loads _loads = null!;
    private double _begin, _length, _requested;
    private int _migrations, _peak;

    public Outcome Run()
    {
        _loads = new Loads(_world, trace);
        policy.Start(_world);
        var watch = new Stopwatch();
        Segment(0, Trace.Seconds + Offset, [], 0);
        for (var step = 1; step < Trace.Steps; step++)
        {
            if (terms.CloudSim) DropFinished(step);
            watch.Start();
            var moves = policy.Next(_world, new Past(trace, step));
            watch.Stop();
            Check(moves);
            var journeys = Schedule.Of(moves, _world, terms, keepRam);
            var end = step == Trace.Steps - 1 ? Trace.Steps * Trace.Seconds : (step + 1) * Trace.Seconds + Offset;
            Segment(step * Trace.Seconds + Offset, end, journeys, step);
        }
        return Sum(watch.Elapsed.TotalMilliseconds / (Trace.Steps - 1));
    }

    private void Segment(double begin, double end, List<Journey> journeys, int step)
    {
        (_begin, _length) = (begin, end - begin);
        _loads.Begin(begin, end);
        Array.Fill(_touched, begin);
        var (active, over, served, capacity) = (_meter.ActiveSeconds, _meter.OverSeconds, _meter.Served, _meter.Capacity);
        for (var vm = 0; vm < trace.Vms.Length; vm++) if (step > 0 && _world.HostOf[vm] >= 0) _requested += (_loads.At(vm, 0) + _loads.At(vm, 1)) / 2 * _length;
        var booting = journeys.Where(j => !terms.CloudSim && _world.On[j.Move.To].Count == 0).Select(j => j.Move.To).ToHashSet();
        foreach (var host in booting) _loads[host].Coming++; // on, with nothing to do yet
        foreach (var (at, starts, journey) in Events(journeys))
        {
            Touch(at + begin, journey.Move);
            if (starts) _loads.Come(journey.Move.Vm, journey.Move.To, 1);
            else Arrive(journey);
        }
        for (var host = 0; host < hosts.Length; host++) Touch(host, end);
        foreach (var host in booting) _loads[host].Coming--;
        _migrations += journeys.Count;
        if (step > 0) _peak = Math.Max(_peak, _world.On.Count(o => o.Count > 0));
        var seconds = _meter.ActiveSeconds - active;
        _course.Add(new Moment(step, seconds / _length, 100 * (_meter.Served - served) / Math.Max(1, _meter.Capacity - capacity), 100 * (_meter.OverSeconds - over) / Math.Max(1, seconds), journeys.Count));
    }

    private static IEnumerable<(double At, bool Starts, Journey Journey)> Events(List<Journey> journeys) =>
        journeys.Select(j => (j.Start, true, j)).Concat(journeys.Select(j => (j.End, false, j))).OrderBy(e => e.Item1).ThenBy(e => e.Item2);

    private void Arrive(Journey journey)
    {
        var (vm, from, to) = journey.Move;
        var (a, b) = (_loads.At(vm, journey.Start / _length), _loads.At(vm, journey.End / _length));
        _meter.MigrationLoss += (a + b) / 2 * Terms.Overhead * (journey.End - journey.Start);
        _loads.Come(vm, to, -1);
        _loads.Stay(vm, from, -1);
        _loads.Stay(vm, to, 1);
        _world.Take(vm);
        _world.Put(vm, to);
        witness?.Moved(journey, _begin);
    }

    private void Touch(double at, Move move)
    {
        if (terms.CloudSim) for (var host = 0; host < hosts.Length; host++) Touch(host, at); // CloudSim looks at every host at every event
        else (_, _) = (Touch(move.From, at), Touch(move.To, at));
    }

    private bool Touch(int host, double at)
    {
        var from = _touched[host];
        ref var row = ref _loads[host];
        _touched[host] = at;
        if (at <= from || (_world.On[host].Count == 0 && row.Coming == 0 && witness?.KeptOn(host) != true)) return false;
        var (f0, f1, seconds, shape) = ((from - _begin) / _length, (at - _begin) / _length, at - from, hosts[host]);
        double d0 = row.Demand0 + (row.Demand1 - row.Demand0) * f0, d1 = row.Demand0 + (row.Demand1 - row.Demand0) * f1;
        double l0 = d0 + row.Reserve0 + (row.Reserve1 - row.Reserve0) * f0, l1 = d1 + row.Reserve0 + (row.Reserve1 - row.Reserve0) * f1;
        if (from < Trace.Seconds || (terms.CloudSim && l0 < 1e-9)) return false;
        _meter.Add(shape, seconds, d0, d1, l0, l1);
        witness?.Counted(host, from, at);
        _meter.Excess += (row.Cut0 + (row.Cut1 - row.Cut0) * (f0 + f1) / 2) * seconds;
        _meter.CountedActive += seconds;
        if (l0 > shape.Mips + 1e-6 || (row.Reserve0 + (row.Reserve1 - row.Reserve0) * f0) > 1e-9 || row.Cramped > 0) _meter.Violated += seconds;
        if (keepRam && _world.On[host].Sum(vm => trace.Vms[vm].WorkingMb) > shape.RamMb) _meter.MemoryOverSeconds += seconds;
        return true;
    }

    private void DropFinished(int step)
    {
        for (var vm = 0; vm < trace.Vms.Length; vm++)
            if (_world.HostOf[vm] >= 0 && trace.Sample(vm, step) == 0 && trace.Sample(vm, step + 1) == 0) _world.Take(vm);
    }

    private void Check(IReadOnlyList<Move> moves)
    {
        foreach (var move in moves)
            if (_world.HostOf[move.Vm] != move.From || move.To == move.From) throw new InvalidOperationException($"{policy.Name} moves VM {move.Vm} from {move.From} to {move.To}, but it is on {_world.HostOf[move.Vm]}");
    }

    private Outcome Sum(double planMilliseconds)
    {
        var energy = _meter.Joules / 3.6e6;
        var (slatah, pdm) = (_meter.Violated / _meter.CountedActive, _meter.MigrationLoss / _requested);
        return new Outcome
        {
            Trace = trace.Name, Policy = policy.Name, Vms = trace.Vms.Length, Migrations = _migrations, PeakHosts = _peak, EnergyKwh = energy,
            UtilPct = 100 * _meter.Served / _meter.Capacity, OverloadTimePct = 100 * _meter.OverSeconds / _meter.ActiveSeconds,
            UnservedPct = 100 * _meter.Excess / _requested, MigrationsPerVmDay = (double)_migrations / trace.Vms.Length,
            HostHours = _meter.ActiveSeconds / 3600, MeanHosts = _meter.ActiveSeconds / ((Trace.Steps - 1) * Trace.Seconds),
            SlatahPct = 100 * slatah, PdmPct = 100 * pdm, Esv = energy * slatah * pdm,
            MemoryOverTimePct = 100 * _meter.MemoryOverSeconds / _meter.ActiveSeconds, PlanMilliseconds = planMilliseconds, Course = _course,
        };
    }
}
