using Xiangyun.Replay;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Traces;

foreach (var t in TraceFolder.Read(args[0]))
    foreach (var p in args[1].Split(','))
    {
        var o = new Replayer(t, Estates.Of("g4g5"), new Terms(args.Length < 3 || args[2] != "keep"), MinimumMigrationTime.Named(p)!).Run();
        Console.WriteLine($"{o.Trace} {o.Policy,-8} util {o.UtilPct:F2} ov {o.OverloadTimePct:F3} uns {o.UnservedPct:F3} mig {o.Migrations} hosts {o.MeanHosts:F1} kWh {o.EnergyKwh:F2} peak {o.PeakHosts} slatah {o.SlatahPct:F3} pdm {o.PdmPct:F4} esv {o.Esv * 1000:F3} ms {o.PlanMilliseconds:F1}");
    }
