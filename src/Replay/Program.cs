using Xiangyun.Consolidation.Public;
using Xiangyun.Replay;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Traces;
double E(string n, double d) => double.TryParse(Environment.GetEnvironmentVariable("T_" + n), out var v) ? v : d;
var b = new Tuning();
var tuning = new Tuning { Likeness = (float)E("LIKE", b.Likeness), HalfLife = (float)E("HL", b.HalfLife), LongHalfLife = (float)E("LHL", b.LongHalfLife), Hourly = (float)E("HOUR", b.Hourly), FleetWeight = (float)E("FW", b.FleetWeight), FleetWeightLater = (float)E("FWL", b.FleetWeightLater), Repair = E("REP", b.Repair), MeanSoon = E("MS", b.MeanSoon), MeanLater = E("ML", b.MeanLater), LaterWeight = E("LW", b.LaterWeight), MovesPerVmDay = E("MV", b.MovesPerVmDay), LeastGain = E("LG", b.LeastGain), WakeAt = E("WA", b.WakeAt), DrainEvery = (int)E("DE", b.DrainEvery) };
if (args[1] == "probe") { Probe.Run(TraceFolder.Read(args[0]), tuning); return; }
var traces = TraceFolder.Read(args[0]);
if (args.Contains("merge")) traces = [Trace.Merge(traces)];
foreach (var p in args[1].Split(','))
{
    var outs = new Outcome[traces.Count];
    Parallel.For(0, outs.Length, i =>
        outs[i] = new Replayer(traces[i], Estates.Of(args.Contains("64") ? "64core" : "g4g5"), new Terms(!args.Contains("keep")), MinimumMigrationTime.Named(p) ?? new OwnPolicy(p, tuning)).Run());
    if (args.Contains("course")) foreach (var g in outs[0].Course.Chunk(12)) Console.WriteLine($"{g[0].Step} hosts {g.Average(m => m.Hosts):F1} util {g.Average(m => m.UtilPct):F1} ov {g.Average(m => m.OverloadPct):F3} moves {g.Sum(m => m.Migrations)} first {g[0].Hosts:F0}/{g[0].Migrations} {g[1].Hosts:F0}/{g[1].Migrations}");
    if (!args.Contains("short")) foreach (var o in outs)
        Console.WriteLine($"{o.Trace,-9} {o.Policy,-8} util {o.UtilPct:F2} ov {o.OverloadTimePct:F3} uns {o.UnservedPct:F3} mig {o.MigrationsPerVmDay:F2} hosts {o.MeanHosts:F1} kWh {o.EnergyKwh:F2} peak {o.PeakHosts} slatah {o.SlatahPct:F3} pdm {o.PdmPct:F4} esv {o.Esv * 1000:F4} ms {o.PlanMilliseconds:F1}");
    Console.WriteLine($"mean      {p,-8} util {outs.Average(o => o.UtilPct):F2} ov {outs.Average(o => o.OverloadTimePct):F4} mig {outs.Average(o => o.MigrationsPerVmDay):F2} hosts {outs.Average(o => o.MeanHosts):F1} kWh {outs.Average(o => o.EnergyKwh):F2} esv {outs.Average(o => o.Esv) * 1000:F4}");
}
