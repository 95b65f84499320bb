using System.Text.Json;
using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Report;

/// <summary>Outcomes as text: a table to read, JSON and CSV for programs.</summary>
internal static class Lines
{
    public static string Json(Outcome o) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["trace"] = o.Trace, ["policy"] = o.Policy, ["util_pct"] = Round(o.UtilPct, 3), ["overload_time_pct"] = Round(o.OverloadTimePct, 4),
        ["unserved_pct"] = Round(o.UnservedPct, 5), ["migrations_per_vm_day"] = Round(o.MigrationsPerVmDay, 3), ["host_hours"] = Round(o.HostHours, 1),
        ["energy_kwh"] = Round(o.EnergyKwh, 2), ["peak_hosts"] = o.PeakHosts, ["esv"] = Round(o.Esv, 9), ["mean_hosts"] = Round(o.MeanHosts, 2),
        ["migrations"] = o.Migrations, ["slatah_pct"] = Round(o.SlatahPct, 4), ["pdm_pct"] = Round(o.PdmPct, 5),
        ["memory_over_time_pct"] = Round(o.MemoryOverTimePct, 4), ["plan_ms"] = Round(o.PlanMilliseconds, 1),
    });

    public static IEnumerable<string> Table(IReadOnlyList<Outcome> outcomes)
    {
        var wide = Math.Max(8, outcomes.Max(o => o.Trace.Length));
        yield return $"{"trace".PadRight(wide)}  policy        util %  overload %  unserved %  moves/VM/day  host hours      kWh  peak  ESV e-3";
        foreach (var o in outcomes)
            yield return $"{o.Trace.PadRight(wide)}  {o.Policy,-12}  {o.UtilPct,6:F2}  {o.OverloadTimePct,10:F3}  {o.UnservedPct,10:F4}  {o.MigrationsPerVmDay,12:F2}  {o.HostHours,10:F0}  {o.EnergyKwh,7:F1}  {o.PeakHosts,4}  {o.Esv * 1000,7:F4}";
    }

    /// <summary>One row for each five minutes, so that every figure of the table can be added up again.</summary>
    public static IEnumerable<string> Csv(IReadOnlyList<Outcome> outcomes)
    {
        yield return "trace,policy,step,hosts,util_pct,overload_pct,migrations";
        foreach (var o in outcomes)
            foreach (var m in o.Course) yield return FormattableString.Invariant($"{o.Trace},{o.Policy},{m.Step},{m.Hosts:F2},{m.UtilPct:F3},{m.OverloadPct:F4},{m.Migrations}");
    }

    private static double Round(double value, int digits) => Math.Round(value, digits);
}
