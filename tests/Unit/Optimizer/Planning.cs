using Xiangyun.Optimizer.Public;

namespace Xiangyun.Unit.Optimizer;

public sealed class Planning
{
    private static readonly HostShape Host = new("h", 2, 2000, 8192, 1, [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]);

    private static (State State, Profiles Profiles) Estate(int hosts, int each, Func<int, int, int> use, int steps = 48, HostShape? shape = null)
    {
        var profiles = new Profiles(hosts * each);
        for (var step = 0; step < steps; step++) profiles.Observe([.. Enumerable.Range(0, hosts * each).Select(vm => (sbyte)use(vm, step))]);
        return (new State([.. Enumerable.Repeat(shape ?? Host, hosts)], [.. Enumerable.Range(0, hosts * each).Select(vm => new VmShape($"vm{vm}", 1000, 1024))],
            [.. Enumerable.Range(0, hosts * each).Select(vm => vm / each)]), profiles);
    }

    [Fact]
    public void idle_hosts_are_emptied_onto_the_others()
    {
        var (state, profiles) = Estate(4, 3, (_, _) => 10);
        var plan = Planner.Make(state, profiles, new Tuning(), 100);
        Assert.NotEmpty(plan.Emptied);
        Assert.True(plan.WattsAfter < plan.WattsBefore);
    }

    [Fact]
    public void a_plan_never_has_more_moves_than_the_budget()
    {
        var (state, profiles) = Estate(6, 3, (_, _) => 10);
        Assert.InRange(Planner.Make(state, profiles, new Tuning(), 4).Moves.Count, 1, 4);
        Assert.Empty(Planner.Make(state, profiles, new Tuning(), 0).Moves);
    }

    [Fact]
    public void hosts_are_emptied_one_after_the_other_and_take_in_no_more_than_their_network_moves()
    {
        var (state, profiles) = Estate(8, 3, (_, _) => 5);
        var plan = Planner.Make(state with { MovableMbPerGbit = 4 * 1024 }, profiles, new Tuning(), 100);
        Assert.NotEmpty(plan.Emptied);
        Assert.All(plan.Moves.GroupBy(m => m.To), to => Assert.InRange(to.Count(), 1, 4));
        var changes = plan.Moves.Zip(plan.Moves.Skip(1)).Count(pair => pair.First.From != pair.Second.From);
        Assert.Equal(plan.Moves.Select(m => m.From).Distinct().Count() - 1, changes);
    }

    [Fact]
    public void hosts_that_work_hard_are_not_filled_further()
    {
        var (state, profiles) = Estate(3, 3, (_, _) => 90);
        Assert.Empty(Planner.Make(state, profiles, new Tuning(), 100).Emptied);
    }

    [Fact]
    public void a_host_that_will_be_short_gives_a_vm_away()
    {
        var (state, profiles) = Estate(2, 6, (vm, _) => vm < 6 ? 80 : 5);
        var plan = Planner.Make(state, profiles, new Tuning(), 100);
        Assert.Contains(plan.Moves, m => m.From == 0 && m.To == 1);
        Assert.True(plan.RiskAfter < plan.RiskBefore);
    }

    [Fact]
    public void a_host_that_is_short_is_relieved_by_small_vms_where_waiting_for_a_large_one_has_a_price()
    {
        var (state, profiles) = Estate(2, 6, (vm, _) => vm == 0 ? 100 : vm < 6 ? 76 : 5);
        state = state with { Vms = [.. state.Vms.Select((vm, i) => i == 0 ? vm with { RamMb = 16384, WorkingMb = 16384 } : vm)] };
        IReadOnlyList<Move> Relief(double waits) => Planner.Make(state, profiles, Tuning.Named("energy")! with { Empties = false, LeastGain = 0, Waits = waits }, 100).Moves;
        Assert.Contains(Relief(0), m => m.Vm == 0);
        var moves = Relief(0.1);
        Assert.DoesNotContain(moves, m => m.Vm == 0);
        Assert.InRange(moves.Count(m => m.From == 0), 2, 6);
    }

    [Fact]
    public void no_vm_goes_where_its_memory_does_not_fit()
    {
        var small = Host with { RamMb = 3 * 1024 };
        var (state, profiles) = Estate(4, 3, (_, _) => 2, shape: small);
        Assert.Empty(Planner.Make(state with { RamBinds = true }, profiles, new Tuning(), 100).Moves);
    }

    [Fact]
    public void no_vm_goes_to_cores_slower_than_it_may_want()
    {
        var (state, profiles) = Estate(2, 2, (_, _) => 5);
        var mixed = state with { Hosts = [Host, new HostShape("slow", 8, 500, 65536, 1, Host.Watts)] };
        Assert.DoesNotContain(Planner.Make(mixed, profiles, new Tuning(), 100).Moves, m => m.To == 1);
    }

    [Fact]
    public void the_same_estate_and_past_give_the_same_plan()
    {
        var (state, profiles) = Estate(20, 4, (vm, step) => (vm * 7 + step * 13) % 30);
        Assert.Equal(Planner.Make(state, profiles, new Tuning(), 50).Moves, Planner.Make(state, profiles, new Tuning(), 50).Moves);
    }

    [Fact]
    public void a_large_estate_is_planned_in_parts_and_its_moves_are_numbered_as_a_whole()
    {
        var (state, profiles) = Estate(1000, 3, (_, _) => 10, steps: 3);
        var plan = Planner.Make(state, profiles, new Tuning(), 300);
        Assert.NotEmpty(plan.Moves);
        Assert.All(plan.Moves, m => Assert.Equal(state.HostOf[m.Vm], m.From));
        Assert.Contains(plan.Moves, m => m.From >= 800);
    }
}
