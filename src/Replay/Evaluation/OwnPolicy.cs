using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Published;

namespace Xiangyun.Replay.Evaluation;

/// <summary>The planner of the running cloud, fed from a trace one sample after the other.</summary>
internal sealed class OwnPolicy(string name, Tuning tuning, bool ramBinds = false, double movable = double.PositiveInfinity) : IPolicy
{
    private readonly Pace _pace = new(tuning);
    private Profiles? _profiles;
    private IReadOnlyList<Move> _last = [];
    private double _budget;
    private int _next;

    public string Name => name;

    public void Start(World world) => FirstPlacement.Dense(world);

    public IReadOnlyList<Move> Next(World world, Past past)
    {
        _profiles ??= new Profiles(world.Vms.Length, [.. world.Vms.Select(vm => vm.Group)]);
        var use = new sbyte[world.Vms.Length];
        for (; _next <= past.Now; _next++)
        {
            for (var vm = 0; vm < use.Length; vm++) use[vm] = world.HostOf[vm] < 0 ? (sbyte)-1 : (sbyte)past.Sample(vm, _next);
            _profiles.Observe(use);
        }
        if (past.Now == 1) _budget = world.Vms.Length;
        _budget += _last.Count(m => world.HostOf[m.Vm] != m.To); // what was not begun costs nothing
        _budget = Math.Min(_budget + tuning.MovesPerVmDay * world.Vms.Length / 288, world.Vms.Length);
        var state = new State(world.Hosts, world.Vms, world.HostOf, ramBinds) { MovableMbPerGbit = movable };
        var plan = Planner.Make(state, _profiles, _pace.After(state, _profiles), (int)_budget);
        _budget -= plan.Moves.Count;
        return _last = plan.Moves;
    }
}
