using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Unit.Optimizer;

/// <summary>Whatever the estate, no plan breaks what bounds it, and no step of it does.</summary>
public sealed class Bounded
{
    private static readonly double[] Watts = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100];
    private static readonly string[] Aims = ["consolidate", "energy", "balance", "relieve", "dense"];

    /// <summary>An estate made of one number: hosts in two zones, groups, pinned VMs, closed hosts; legal as it stands.</summary>
    private static (State State, Profiles Profiles) Estate(int seed)
    {
        var chance = new Random(seed);
        var hosts = chance.Next(3, 12);
        var shapes = Enumerable.Range(0, hosts).Select(h => new HostShape($"h{h}", 8, 1000, 32768, 10, Watts) { Offers = [32, 40000] }).ToList();
        var (vms, hostOf, mayUse, ram, booked) = (new List<VmShape>(), new List<int>(), new List<IReadOnlySet<int>?>(), new double[hosts], new double[hosts, 2]);
        IReadOnlySet<int>[] zones = [Enumerable.Range(0, hosts / 2).ToHashSet(), Enumerable.Range(hosts / 2, hosts - hosts / 2).ToHashSet()];
        for (var i = 0; i < hosts * 6; i++)
        {
            var (cores, mb) = (chance.Next(1, 5), chance.Next(1, 9) * 1024);
            var (host, working) = (chance.Next(hosts), mb * (0.3 + 0.7 * chance.NextDouble()));
            if (ram[host] + working > 32768 || booked[host, 0] + cores > 32 || booked[host, 1] + mb > 40000) continue;
            (ram[host], booked[host, 0], booked[host, 1]) = (ram[host] + working, booked[host, 0] + cores, booked[host, 1] + mb);
            vms.Add(new VmShape($"vm{i}", cores * 1000, mb) { WorkingMb = working, Cores = cores, Books = [cores, mb] });
            hostOf.Add(host);
            mayUse.Add(chance.Next(4) == 0 ? null : zones[host < hosts / 2 ? 0 : 1]);
        }
        var apart = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, vms.Count).Where(_ => chance.Next(5) == 0).ToList()).Select(members => new Apart(Math.Max(1, members.GroupBy(m => hostOf[m]).Select(g => g.Count()).DefaultIfEmpty(1).Max()), members)).ToList();
        var profiles = new Profiles(vms.Count);
        var level = vms.Select(_ => chance.Next(0, 70)).ToArray();
        for (var step = 0; step < 24; step++) profiles.Observe([.. level.Select(l => (sbyte)Math.Min(100, l + chance.Next(0, 20)))]);
        return (new State(shapes, vms, hostOf, RamBinds: true)
        {
            Limits = new Limits
            {
                MayUse = mayUse, Pinned = Enumerable.Range(0, vms.Count).Where(_ => chance.Next(10) == 0).ToHashSet(), Closed = Enumerable.Range(0, hosts).Where(_ => chance.Next(6) == 0).ToHashSet(),
                Apart = apart, MovesOfHost = [.. Enumerable.Range(0, hosts).Select(_ => chance.Next(2, 9))],
            },
        }, profiles);
    }

    private static void MustHold(State state, IReadOnlyList<int> at, string when)
    {
        foreach (var (host, shape) in state.Hosts.Index())
        {
            var on = Enumerable.Range(0, at.Count).Where(vm => at[vm] == host).ToList();
            Assert.True(on.Sum(vm => state.Vms[vm].WorkingMb) <= shape.RamMb + 1e-6, $"{when}: memory of host {host}");
            for (var k = 0; k < 2; k++) Assert.True(on.Sum(vm => state.Vms[vm].Books[k]) <= shape.Offers[k] + 1e-6, $"{when}: bookings of host {host}");
            foreach (var apart in state.Limits.Apart) Assert.True(on.Count(apart.Vms.Contains) <= apart.Most, $"{when}: a group on host {host}");
        }
        for (var vm = 0; vm < at.Count; vm++)
        {
            if (at[vm] == state.HostOf[vm]) continue;
            Assert.False(state.Limits.Pinned.Contains(vm), $"{when}: a pinned VM moved");
            Assert.False(state.Limits.Closed.Contains(at[vm]), $"{when}: a closed host took something in");
            Assert.True(state.Limits.MayUse[vm]?.Contains(at[vm]) != false, $"{when}: a VM left its zone");
        }
    }

    [Property(MaxTest = 150)]
    public Property no_plan_breaks_memory_bookings_groups_zones_pins_or_budgets() => Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed =>
    {
        var (state, profiles) = Estate(seed);
        foreach (var aim in Aims)
        {
            var budget = seed % 40;
            var plan = Planner.Make(state, profiles, Tuning.Named(aim)!, budget);
            Assert.True(plan.Moves.Count <= budget, $"{aim}: {plan.Moves.Count} moves of {budget}");
            Assert.All(plan.Moves.SelectMany(m => new[] { m.From, m.To }).GroupBy(h => h), h => Assert.True(h.Count() <= state.Limits.MovesOfHost[h.Key], $"{aim}: {h.Count()} moves of host {h.Key}"));
            var at = state.HostOf.ToArray();
            foreach (var move in plan.Moves) at[move.Vm] = move.To;
            MustHold(state, at, aim);
            at = [.. state.HostOf];
            foreach (var move in Steps.Of(state, plan.Moves).InOrder)
            {
                at[move.Vm] = move.To;
                MustHold(state, at, $"{aim}, a step");
            }
        }
    });

    [Fact]
    public void large_estates_keep_their_bounds_when_planned_in_parts()
    {
        var (one, _) = Estate(7);
        int hosts = one.Hosts.Count, vms = one.Vms.Count, copies = 900 / hosts + 1;
        var state = new State([.. Enumerable.Repeat(one.Hosts, copies).SelectMany(h => h)], [.. Enumerable.Repeat(one.Vms, copies).SelectMany(v => v)], [.. Enumerable.Range(0, copies).SelectMany(c => one.HostOf.Select(h => h + c * hosts))], true)
        {
            Limits = new Limits
            {
                MayUse = [.. Enumerable.Range(0, copies).SelectMany(c => one.Limits.MayUse.Select(m => m is null ? null : (IReadOnlySet<int>)m.Select(h => h + c * hosts).ToHashSet()))],
                Pinned = Enumerable.Range(0, copies).SelectMany(c => one.Limits.Pinned.Select(v => v + c * vms)).ToHashSet(), Closed = Enumerable.Range(0, copies).SelectMany(c => one.Limits.Closed.Select(h => h + c * hosts)).ToHashSet(),
                Apart = [.. Enumerable.Range(0, copies).SelectMany(c => one.Limits.Apart.Select(a => a with { Vms = [.. a.Vms.Select(v => v + c * vms)] }))], MovesOfHost = [.. Enumerable.Repeat(6, copies * hosts)],
            },
        };
        var profiles = new Profiles(state.Vms.Count);
        for (var step = 0; step < 12; step++) profiles.Observe([.. Enumerable.Range(0, state.Vms.Count).Select(v => (sbyte)(v % 40 + step))]);
        var plan = Planner.Make(state, profiles, new Tuning(), 5000);
        Assert.NotEmpty(plan.Moves);
        var at = state.HostOf.ToArray();
        foreach (var move in plan.Moves) at[move.Vm] = move.To;
        MustHold(state, at, "parts");
    }

    [Fact]
    public void balance_makes_hosts_equally_busy_and_uses_empty_ones()
    {
        var hosts = Enumerable.Repeat(new HostShape("h", 8, 1000, 32768, 10, Watts), 4).ToList();
        var state = new State(hosts, [.. Enumerable.Range(0, 12).Select(i => new VmShape($"vm{i}", 1000, 1024))], [.. Enumerable.Range(0, 12).Select(i => i < 10 ? 0 : 1)]);
        var profiles = new Profiles(12);
        for (var step = 0; step < 24; step++) profiles.Observe([.. Enumerable.Repeat((sbyte)40, 12)]);
        var plan = Planner.Make(state, profiles, Tuning.Named("balance")!, 100);
        Assert.Empty(plan.Emptied);
        var on = Enumerable.Range(0, 4).Select(h => Enumerable.Range(0, 12).Count(vm => (plan.Moves.Where(m => m.Vm == vm).Select(m => (int?)m.To).LastOrDefault() ?? state.HostOf[vm]) == h)).ToList();
        Assert.All(on, n => Assert.InRange(n, 2, 4));
        Assert.All(plan.Moves.GroupBy(m => m.Vm), g => Assert.Single(g));
    }

    [Fact]
    public void hosts_whose_vms_have_to_stay_do_not_keep_others_from_being_emptied()
    {
        var hosts = Enumerable.Repeat(new HostShape("h", 8, 1000, 32768, 10, Watts), 8).ToList();
        var state = new State(hosts, [.. Enumerable.Range(0, 16).Select(i => new VmShape($"vm{i}", 1000, 1024))], [.. Enumerable.Range(0, 16).Select(i => i / 2)]) { Limits = new Limits { Pinned = new HashSet<int> { 0, 2, 4, 6 } } };
        var profiles = new Profiles(16);
        for (var step = 0; step < 24; step++) profiles.Observe([.. Enumerable.Range(0, 16).Select(vm => (sbyte)(vm < 8 ? 2 : 10))]);
        Assert.Equal(4, Planner.Make(state, profiles, new Tuning(), 100).Emptied.Count);
    }

    [Fact]
    public void a_host_whose_guests_need_more_memory_than_it_has_gives_some_away()
    {
        var hosts = Enumerable.Repeat(new HostShape("h", 8, 1000, 8000, 10, Watts), 2).ToList();
        var state = new State(hosts, [.. Enumerable.Range(0, 5).Select(i => new VmShape($"vm{i}", 1000, 2000))], [0, 0, 0, 0, 0], RamBinds: true);
        var profiles = new Profiles(5);
        for (var step = 0; step < 24; step++) profiles.Observe([.. Enumerable.Repeat((sbyte)5, 5)]);
        Assert.NotEmpty(Planner.Make(state, profiles, Tuning.Named("relieve")!, 100).Moves);
    }

    [Fact]
    public void two_full_hosts_that_would_have_to_exchange_vms_keep_them()
    {
        var hosts = Enumerable.Repeat(new HostShape("h", 8, 1000, 8000, 10, Watts), 2).ToList();
        var state = new State(hosts, [new VmShape("a", 1000, 5000), new VmShape("b", 1000, 5000)], [0, 1], RamBinds: true);
        var (inOrder, leftOut) = Steps.Of(state, [new Move(0, 0, 1), new Move(1, 1, 0)]);
        Assert.Empty(inOrder);
        Assert.Equal(2, leftOut.Count);
    }
}
