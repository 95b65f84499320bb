using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>Cuts an estate into parts of neighbouring hosts, plans them in parallel, and puts the plans together.</summary>
internal static class Parts
{
    public static Plan Make(State state, Profiles profiles, Tuning tuning, int budget, int size)
    {
        var count = (state.Hosts.Count + size - 1) / size;
        var members = new List<int>[count];
        for (var i = 0; i < count; i++) members[i] = [];
        for (var vm = 0; vm < state.Vms.Count; vm++) if (state.HostOf[vm] >= 0) members[state.HostOf[vm] / size].Add(vm);
        var plans = new Plan[count];
        Parallel.For(0, count, i =>
        {
            int[] ids = [.. members[i]];
            var first = i * size;
            var part = new State(
                [.. state.Hosts.Skip(first).Take(size)], [.. ids.Select(vm => state.Vms[vm])], [.. ids.Select(vm => state.HostOf[vm] - first)], state.RamBinds) { MovableMbPerGbit = state.MovableMbPerGbit, Limits = state.Limits.Part(first, size, ids) };
            var plan = Planner.Whole(part, profiles, tuning, (int)((long)budget * ids.Length / Math.Max(1, state.Vms.Count)), ids);
            plans[i] = plan with
            {
                Moves = [.. plan.Moves.Select(m => new Move(ids[m.Vm], m.From + first, m.To + first))],
                Emptied = [.. plan.Emptied.Select(h => h + first)],
                Woken = [.. plan.Woken.Select(h => h + first)],
            };
        });
        return new Plan(
            [.. plans.SelectMany(p => p.Moves)], [.. plans.SelectMany(p => p.Emptied)], [.. plans.SelectMany(p => p.Woken)],
            plans.Average(p => p.RiskBefore), plans.Average(p => p.RiskAfter), plans.Sum(p => p.WattsBefore), plans.Sum(p => p.WattsAfter));
    }
}
