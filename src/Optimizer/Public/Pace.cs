namespace Xiangyun.Optimizer.Public;

/// <summary>
/// How long hosts really were short, against what is aimed at. A forecast is too bold on one day and too timid on another; what the last hours
/// show is put right by allowing less risk or more. It is folded from samples as they come: of VMs in a replay, of hosts in the running cloud.
/// </summary>
public sealed class Pace(Tuning tuning)
{
    private const double Fade = 1 - 1.0 / 576, Firmness = 2, Least = 0.3, Most = 3;
    private double _credit; // host-intervals

    /// <summary>Once for each interval, when its sample has been taken in and before the next plan.</summary>
    public Tuning After(State state, Profiles profiles)
    {
        if (tuning.ShortTime is null) return tuning;
        var (before, now) = (new double[state.Hosts.Count], new double[state.Hosts.Count]);
        var used = new bool[state.Hosts.Count];
        for (var vm = 0; vm < state.Vms.Count; vm++)
        {
            if (state.HostOf[vm] is not (>= 0 and var host) || profiles.Known(vm) < 2) continue;
            before[host] += profiles.Ago(vm, 1) / 100.0 * state.Vms[vm].Mips;
            now[host] += profiles.Ago(vm, 0) / 100.0 * state.Vms[vm].Mips;
            used[host] = true;
        }
        var hosts = 0;
        double over = 0;
        for (var host = 0; host < used.Length; host++)
        {
            if (!used[host]) continue;
            hosts++;
            over += Above(before[host], now[host], state.Hosts[host].Mips);
        }
        if (profiles.Step > 2) Note(hosts, over);
        return Now(hosts);
    }

    /// <summary>One interval of five minutes: so many hosts were in use, and for so long, in host-intervals, they were short.</summary>
    public void Note(double hosts, double over) => _credit = _credit * Fade + (tuning.ShortTime ?? 0) * hosts - over;

    /// <summary>What the record so far allows an estate with so many hosts in use.</summary>
    public Tuning Now(double hosts)
    {
        if (tuning.ShortTime is not { } target) return tuning;
        var day = target * Math.Max(1, hosts) * Profiles.Remembered;
        return tuning with { MeanSoon = tuning.MeanSoon * Math.Clamp(Math.Exp(Firmness * _credit / day), Least, Most) };
    }

    private static double Above(double a, double b, double limit)
    {
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        return high <= limit ? 0 : low >= limit ? 1 : (high - limit) / (high - low);
    }
}
