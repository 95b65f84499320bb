using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// Migrations wait for each other, so their order matters: first what relieves hosts that stay; then hosts are
/// emptied one after the other, so that each is off as soon as can be instead of all at the end.
/// </summary>
internal static class Order
{
    public static IReadOnlyList<Move> Of(State state, Draft draft)
    {
        var from = new Dictionary<int, List<Move>>();
        for (var vm = 0; vm < draft.HostOf.Length; vm++)
        {
            var host = state.HostOf[vm];
            if (draft.HostOf[vm] == host) continue;
            if (!from.TryGetValue(host, out var leaving)) from[host] = leaving = [];
            leaving.Add(new Move(vm, host, draft.HostOf[vm]));
        }
        return [.. from.OrderBy(h => draft.On[h.Key].Count > 0 ? 0 : h.Value.Count).ThenBy(h => h.Key).SelectMany(h => h.Value)];
    }
}
