using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>Keeps count, while a draft changes, of what <see cref="Limits"/> bounds: bookings of each host, members of groups on it, its moves.</summary>
internal sealed class Bounds
{
    private readonly State _state;
    private readonly Limits _limits;
    private readonly double[][]? _booked;
    private readonly List<int>?[]? _groupsOf;
    private readonly Dictionary<(int Group, int Host), int> _members = [];
    private readonly int[] _moves;

    public Bounds(State state)
    {
        (_state, _limits, _moves) = (state, state.Limits, new int[state.Hosts.Count]);
        if (state.Vms.Any(v => v.Books.Length > 0)) _booked = [.. state.Hosts.Select(h => new double[h.Offers.Length])];
        if (_limits.Apart.Count > 0) _groupsOf = new List<int>?[state.Vms.Count];
        foreach (var (group, apart) in _limits.Apart.Index())
            foreach (var vm in apart.Vms) (_groupsOf![vm] ??= []).Add(group);
        for (var vm = 0; vm < state.HostOf.Count; vm++) if (state.HostOf[vm] >= 0) Stand(vm, state.HostOf[vm], 1);
    }

    public bool Allow(int vm, int from, int to)
    {
        var home = _state.HostOf[vm];
        if (to != home)
        {
            if (_limits.Pinned.Contains(vm) || _limits.Closed.Contains(to)) return false;
            if (_limits.MayUse.Count > 0 && _limits.MayUse[vm] is { } mayUse && !mayUse.Contains(to)) return false;
            if (_limits.MovesOfHost.Count > 0 && (_moves[to] >= _limits.MovesOfHost[to] || from == home && _moves[home] >= _limits.MovesOfHost[home])) return false;
        }
        if (_booked is not null) for (var k = 0; k < _state.Vms[vm].Books.Length; k++) if (_booked[to][k] + _state.Vms[vm].Books[k] > _state.Hosts[to].Offers[k]) return false;
        if (_groupsOf?[vm] is { } groups) foreach (var group in groups) if (_members.GetValueOrDefault((group, to)) >= _limits.Apart[group].Most) return false;
        return true;
    }

    public bool MayEmpty(List<int> vms) => _limits.Pinned.Count == 0 || !vms.Exists(_limits.Pinned.Contains);

    public void Moved(int vm, int from, int to)
    {
        Stand(vm, from, -1);
        Stand(vm, to, 1);
        var home = _state.HostOf[vm];
        if (from == home) _moves[home]++;
        else _moves[from]--;
        if (to == home) _moves[home]--;
        else _moves[to]++;
    }

    private void Stand(int vm, int host, int sign)
    {
        if (_booked is not null) for (var k = 0; k < _state.Vms[vm].Books.Length; k++) _booked[host][k] += sign * _state.Vms[vm].Books[k];
        if (_groupsOf?[vm] is { } groups) foreach (var group in groups) _members[(group, host)] = _members.GetValueOrDefault((group, host)) + sign;
    }
}
