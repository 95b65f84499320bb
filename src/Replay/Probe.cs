using Xiangyun.Consolidation.Forecasting;
using Xiangyun.Consolidation.Public;
using Xiangyun.Replay.Traces;
namespace Xiangyun.Replay;
internal static class Probe
{
    public static void Run(IReadOnlyList<Trace> traces, Tuning tuning)
    {
        foreach (var horizon in new[] { 1, 12 })
        {
        var res = new (double Mse, double Var, double Log, double N)[traces.Count];
        Parallel.For(0, traces.Count, ti =>
        {
            var t = traces[ti];
            var p = new Profiles(t.Vms.Length);
            var use = new sbyte[t.Vms.Length];
            var f = new Forecaster(p, tuning);
            double mse = 0, va = 0, log = 0; double n = 0;
            for (var k = 0; k < 288 - horizon; k++)
            {
                for (var v = 0; v < use.Length; v++) use[v] = (sbyte)t.Sample(v, k);
                p.Observe(use);
                if (k < 24 || k % 4 != 0) continue;
                for (var v = 0; v < use.Length; v++)
                {
                    var c = horizon == 1 ? f.Next(v, t.Vms[v].Mips) : f.Later(v, t.Vms[v].Mips);
                    var y = t.Sample(v, k + horizon) / 100.0 * t.Vms[v].Mips;
                    mse += (y - c.Mean) * (y - c.Mean); va += c.Variance;
                    // crps
                    double crps = 0;
                    for (var i = 0; i < c.Mips.Length; i++) { crps += c.Odds[i] * Math.Abs(c.Mips[i] - y); for (var j = 0; j < i; j++) crps -= c.Odds[i] * c.Odds[j] * Math.Abs(c.Mips[i] - c.Mips[j]); }
                    log += crps;
                }
                n++;
            }
            res[ti] = (mse / n, va / n, log / n, n);
        });
        Console.WriteLine($"h{horizon} mse {string.Join(' ', res.Select(r => (r.Mse / 1e6).ToString("F2")))} var {string.Join(' ', res.Select(r => (r.Var / 1e6).ToString("F2")))} crps {string.Join(' ', res.Select(r => (r.Log / 1e3).ToString("F2")))}");
        }
    }
}
