using System.Globalization;
using System.Text.RegularExpressions;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Consolidation;

/// <summary>The form of a cluster's policy. What it does not show is sent as it was.</summary>
internal static partial class PolicyForm
{
    private static readonly string[] Aims = ["none", "balance", "consolidate", "energy"];

    public static Form Of(Words w, ConsolidationPolicy p, Func<object, Task> put) => new($"{w["consolidation.edit"]} · {p.Cluster}",
    [
        new("aim", w["consolidation.aim"]) { Value = p.Aim, Options = [.. Aims.Select(a => (a, w.Value("aim", a)))] },
        Number("reserve", w["consolidation.f_reserve"], p.ReserveHosts), Decimal("vcpu", w["consolidation.f_vcpu"], p.Overcommit.Vcpu), Decimal("memory", w["consolidation.f_memory"], p.Overcommit.Memory),
        Decimal("steal", w["consolidation.f_steal"], p.Slo.StealPercent), Decimal("pressure", w["consolidation.f_pressure"], p.Slo.MemoryPressurePercent),
        new("mode", w["consolidation.approval"]) { Value = p.Approval.Mode, Options = [("manual", w["consolidation.manual"]), ("auto", w["consolidation.mode_auto"])] },
        Number("most", w["consolidation.f_most"], p.Approval.MostMoves), Decimal("risk", w["consolidation.f_risk"], p.Approval.MostRiskPercent),
        new("rescue", w["consolidation.f_rescue"]) { Value = p.Approval.Rescue, Options = [("auto", w["consolidation.mode_auto"]), ("manual", w["consolidation.manual"])] },
        Number("every", w["consolidation.f_every"], p.PlanEveryMinutes), Number("concurrent", w["consolidation.f_concurrent"], p.Budget.Concurrent), Number("per_host", w["consolidation.f_per_host"], p.Budget.PerHost), Number("per_vm", w["consolidation.f_per_vm"], p.Budget.PerVmDay),
        new("power", w["consolidation.f_power"]) { Value = p.PowerOff ? "true" : "false", Options = [("false", w["kit.no"]), ("true", w["kit.yes"])] },
        new("windows", w["consolidation.windows"]) { Value = Text(p.Windows), Hint = w["consolidation.window_hint"] },
    ], f => put(Body(p, f)), f => Cli.Curl("PUT", $"/consolidation/policies/{Uri.EscapeDataString(p.Cluster)}", Body(p, f)))
    {
        Check = f => Windows(f["windows"]) is null ? w.Of("consolidation.window_bad", f["windows"]) : null,
    };

    private static Field Number(string key, string words, int value) => new(key, words) { Kind = "number", Value = value.ToString(CultureInfo.InvariantCulture), Required = true };

    private static Field Decimal(string key, string words, double? value) => new(key, words) { Value = value is { } v ? Curves.Number(v) : "" };

    private static object Body(ConsolidationPolicy p, IReadOnlyDictionary<string, string> f)
    {
        int Whole(string key) => int.TryParse(f[key], CultureInfo.InvariantCulture, out var n) ? n : 0;
        double? Part(string key) => double.TryParse(f[key], CultureInfo.InvariantCulture, out var n) ? n : null;
        return new
        {
            policy = new
            {
                aim = f["aim"], reserve_hosts = Whole("reserve"), approval = new { mode = f["mode"], most_moves = Whole("most"), most_risk_percent = Part("risk") ?? 0, rescue = f["rescue"] },
                budget = new { concurrent = Whole("concurrent"), per_host = Whole("per_host"), per_vm_day = Whole("per_vm"), per_host_day = p.Budget.PerHostDay, most_moves = p.Budget.MostMoves },
                windows = Windows(f["windows"]), time_zone = p.TimeZone, overcommit = new { vcpu = Part("vcpu"), memory = Part("memory") },
                slo = new { steal_percent = Part("steal"), memory_pressure_percent = Part("pressure"), major_faults = p.Slo.MajorFaults, samples = p.Slo.Samples },
                numa_nodes = p.NumaNodes, power_off = f["power"] == "true", plan_every_minutes = Whole("every"), stop_after_failures = p.StopAfterFailures,
            },
        };
    }

    public static string Text(IEnumerable<PolicyWindow> windows, Func<string, string>? day = null) => string.Join("; ", windows.Select(x => $"{string.Join(",", x.Days.Select(d => day?.Invoke(d) ?? d))} {x.From}-{x.To}".Trim()));

    /// <returns>null: some of it is no window.</returns>
    private static List<object>? Windows(string text)
    {
        var windows = new List<object>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Shape().Match(part) is not { Success: true } match) return null;
            windows.Add(new { days = match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), from = match.Groups[2].Value, to = match.Groups[3].Value });
        }
        return windows;
    }

    [GeneratedRegex("^((?:mon|tue|wed|thu|fri|sat|sun|,|\\s)*?)\\s*(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)$")]
    private static partial Regex Shape();
}
