using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Evaluation;

/// <summary>The demand of every VM and host over one interval, at its two ends; in between it is a straight line.</summary>
internal sealed class Loads(World world, Trace trace)
{
    private readonly double[] _from = new double[world.Vms.Length], _to = new double[world.Vms.Length];
    private readonly Row[] _hosts = new Row[world.Hosts.Length];

    public struct Row
    {
        public double Demand0, Demand1, Reserve0, Reserve1, Cut0, Cut1;
        public int Coming, Cramped;
    }

    public ref Row this[int host] => ref _hosts[host];

    public double At(int vm, double f) => _from[vm] + (_to[vm] - _from[vm]) * f;

    public void Begin(double from, double to)
    {
        Array.Clear(_hosts);
        for (var vm = 0; vm < _from.Length; vm++)
        {
            if (world.HostOf[vm] < 0) continue;
            (_from[vm], _to[vm]) = (trace.Share(vm, from) * world.Vms[vm].Mips, trace.Share(vm, to) * world.Vms[vm].Mips);
            Stay(vm, world.HostOf[vm], 1);
        }
    }

    /// <summary>A VM has one core of its host at most; what it wants beyond is not served.</summary>
    public void Stay(int vm, int host, int sign)
    {
        ref var row = ref _hosts[host];
        var core = world.Hosts[host].CoreMips;
        row.Demand0 += sign * Math.Min(_from[vm], core);
        row.Demand1 += sign * Math.Min(_to[vm], core);
        row.Cut0 += sign * Math.Max(0, _from[vm] - core);
        row.Cut1 += sign * Math.Max(0, _to[vm] - core);
        if (_from[vm] > core) row.Cramped += sign;
    }

    public void Come(int vm, int host, int sign)
    {
        ref var row = ref _hosts[host];
        row.Reserve0 += sign * _from[vm] * Terms.Overhead;
        row.Reserve1 += sign * _to[vm] * Terms.Overhead;
        row.Coming += sign;
    }
}
