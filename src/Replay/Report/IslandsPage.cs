using System.Net;
using System.Text;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Islands;
using Xiangyun.Replay.Ledger;

namespace Xiangyun.Replay.Report;

/// <summary>The story of the islands as one HTML file: the curve, the waves, the ledger, and every old data centre.</summary>
internal static class IslandsPage
{
    private const int HalfHour = 6;

    public static string Of(Story story)
    {
        var (days, prices) = (story.Accounts.Days, story.Book.Prices);
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Thirty islands, one cloud</title><style>
            body{font:14px/1.5 system-ui,sans-serif;max-width:960px;margin:2em auto;color:#222}table{border-collapse:collapse;width:100%}.big{display:flex;gap:3em;margin:1em 0}.big b{display:block;font-size:2em}
            td,th{padding:.25em .6em;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}
            svg{width:100%;margin-top:1em}svg text{font-size:11px;fill:#444}svg .t{font-size:14px;font-weight:600}svg .g{stroke:#e5e5e5}</style>
            """);
        page.Append($"<h1>{story.Islands.Count} islands, one cloud</h1><div class=\"big\"><span><b>{days[0].UsePct:F1} % &rarr; {days[^1].UsePct:F1} %</b>CPU use of servers that are on</span><span><b>{days[0].ServersOn:F0} &rarr; {days[^1].ServersOn:F0}</b>servers on</span><span><b>{days[0].Kw:F0} &rarr; {days[^1].Kw:F0} kW</b>at the servers</span><span><b>{days.Max(d => d.OverloadTimePct):F3} %</b>of the time overloaded, at most</span></div>");
        page.Append($"<p>{story.Systems.Count} recorded systems of {story.Book.Files.Count} day(s). Old servers were bought by {IslandsLines.Words(story.Options.Sizing)}. A cloud host has {Safe(story.Estate.Cloud.Name)}; memory is never promised twice; {story.Options.Spare} empty host stands by. Policy {Safe(story.Book.Policy)}. Each stage is the recorded day once more and stands for {story.Book.WaveDays} days.</p>");
        page.Append(Plot.Of("CPU use of servers that are on, per cent", [("use", Of(story, m => m.UtilPct))], days.Count));
        page.Append(Plot.Of("Servers on", [("servers", Of(story, m => m.Hosts))], days.Count));
        page.Append(Plot.Of("Time overloaded, per cent", [("overload", Of(story, m => m.OverloadPct))], days.Count));
        page.Append(Plot.Of("Migrations in half an hour", [("moves", Of(story, m => m.Migrations, sum: true))], days.Count));
        page.Append("<h2>Stages</h2><table><tr><th>stage<th>data centres closed<th>servers on<th>retired<th>cloud hosts<th>use %<th>overload %<th>unserved %<th>kW<th>moves</tr>");
        foreach (var (d, i) in days.Select((d, i) => (d, i)))
            page.Append($"<tr><td>{IslandsLines.Stage(story, i)}<td>{d.Closed}<td>{d.ServersOn:F1}<td>{d.Retired}<td>{d.CloudServers}<td>{d.UsePct:F2}<td>{d.OverloadTimePct:F4}<td>{story.Days[i].UnservedPct:F5}<td>{d.Kw:F1}<td>{d.Moves}</tr>");
        page.Append($"</table><h2>Ledger</h2><table><tr><th>stage<th>host hours saved<th>kWh saved<th>energy, {Safe(prices.Currency)}<th>servers<th>racks<th>staff<th>together</tr>");
        foreach (var (d, i) in days.Select((d, i) => (d, i)).Skip(1)) Money(page, IslandsLines.Stage(story, i), (days[0].HostHours - d.HostHours) * story.Book.WaveDays, (days[0].Kwh - d.Kwh) * story.Book.WaveDays, d.Money * story.Book.WaveDays);
        Money(page, "all stages", story.Accounts.HostHoursSaved, story.Accounts.KwhSaved, story.Accounts.Saved);
        Money(page, "a year of the finished cloud", (days[0].HostHours - days[^1].HostHours) * 365, (days[0].Kwh - days[^1].Kwh) * 365, days[^1].Money * 365);
        page.Append("</table><p>Prices: ").Append(string.Join("; ", prices.Sources.Select(s => $"{Safe(s.Key)}: {Safe(s.Value)}"))).Append(". <code>ledger verify</code> counts every number again from the samples.</p>");
        page.Append("<h2>The old data centres</h2><table><tr><th>data centre<th>wave<th>servers<th>systems<th>use %<th>kW<th>memory GB<th>cloud hosts it lands on</tr>");
        foreach (var (w, i) in story.Waves.SelectMany(w => w.Islands.Select(i => (w, i))))
            page.Append($"<tr><td>{i.Name}<td>{w.Number}<td>{i.Servers}<td>{i.Vms}<td>{i.UsePct:F2}<td>{i.Kw:F1}<td>{i.MemoryGb:F0}<td>{Math.Max(i.LandingMips / story.Estate.Cloud.Mips, i.MemoryGb * 1024 / story.Estate.Cloud.RamMb):F2}</tr>");
        return page.Append("</table></html>").ToString();
    }

    private static void Money(StringBuilder page, string what, double hours, double kwh, Money m) =>
        page.Append($"<tr><td>{what}<td>{hours:F0}<td>{kwh:F0}<td>{m.Energy:F0}<td>{m.Servers:F0}<td>{m.Racks:F0}<td>{m.Staff:F0}<td>{m.Total:F0}</tr>");

    private static IReadOnlyList<double> Of(Story story, Func<Moment, double> value, bool sum = false) =>
        [.. story.Days.SelectMany(d => d.Course.Skip(2).Chunk(HalfHour).Select(c => sum ? c.Sum(value) : c.Average(value)))];

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
