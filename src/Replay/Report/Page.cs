using System.Net;
using System.Text;
using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Report;

/// <summary>The report as one HTML file: the table, then for each trace hosts, use, overload and moves over the day.</summary>
internal static class Page
{
    private const int Hour = 12;

    public static string Of(IReadOnlyList<Outcome> outcomes, Options options)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Consolidation replay</title><style>
            body{font:14px/1.5 system-ui,sans-serif;max-width:960px;margin:2em auto;color:#222}table{border-collapse:collapse;width:100%}
            td,th{padding:.25em .6em;text-align:right;border-bottom:1px solid #ddd}td:nth-child(-n+2),th:nth-child(-n+2){text-align:left}
            svg{width:100%;margin-top:1em}svg text{font-size:11px;fill:#444}svg .t{font-size:14px;font-weight:600}svg .g{stroke:#e5e5e5}</style>
            <h1>Consolidation replay</h1>
            """);
        page.Append($"<p>Hosts: {options.Hosts}. VMs: {(options.CloudSim ? "as CloudSim drops them" : "all kept")}. Memory: {(options.KeepRam ? "kept" : "free")}");
        if (options.WorkingSet is { } share) page.Append($"; assumed working set {share:P0} of the flavour and a tenth more");
        page.Append(".</p><table><tr><th>trace<th>policy<th>util %<th>overload %<th>unserved %<th>moves per VM and day<th>host hours<th>kWh<th>peak hosts<th>ESV e-3</tr>");
        foreach (var o in outcomes)
            page.Append($"<tr><td>{Safe(o.Trace)}<td>{Safe(o.Policy)}<td>{o.UtilPct:F2}<td>{o.OverloadTimePct:F3}<td>{o.UnservedPct:F4}<td>{o.MigrationsPerVmDay:F2}<td>{o.HostHours:F0}<td>{o.EnergyKwh:F1}<td>{o.PeakHosts}<td>{o.Esv * 1000:F4}</tr>");
        page.Append("</table>");
        foreach (var trace in outcomes.GroupBy(o => o.Trace))
        {
            page.Append($"<h2>{Safe(trace.Key)}</h2>");
            page.Append(Plot.Of("Hosts in use", Of(trace, m => m.Hosts, 1)));
            page.Append(Plot.Of("CPU use of hosts in use, per cent", Of(trace, m => m.UtilPct, 1)));
            page.Append(Plot.Of("Time overloaded, per cent, hourly mean", Of(trace, m => m.OverloadPct, Hour)));
            page.Append(Plot.Of("Migrations, hourly mean of five minutes", Of(trace, m => m.Migrations, Hour)));
        }
        return page.Append("</html>").ToString();
    }

    /// <summary>The first interval is the placement by flavour, the same day under every policy: it would hide the rest.</summary>
    private static List<(string, IReadOnlyList<double>)> Of(IEnumerable<Outcome> outcomes, Func<Moment, double> value, int window) =>
        [.. outcomes.Select(o => (Safe(o.Policy), (IReadOnlyList<double>)[.. o.Course.Skip(2).Chunk(window).Select(c => c.Average(value))]))];

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
