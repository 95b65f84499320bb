using System.Text.Json;
using Xiangyun.Replay.Islands;
using Xiangyun.Replay.Ledger;

namespace Xiangyun.Replay.Report;

/// <summary>The story of the islands as text: a table to read, JSON and CSV for programs, and the plan, a row for each system that moves.</summary>
internal static class IslandsLines
{
    public static string Stage(Story story, int day) => day == 0 ? "as it was" : day == story.Days.Count - 1 ? "one cloud" : $"wave {day}";

    public static IEnumerable<string> Table(Story story)
    {
        var (first, last, prices) = (story.Accounts.Days[0], story.Accounts.Days[^1], story.Book.Prices);
        yield return $"{story.Islands.Count} old data centres, {story.Estate.OldHosts} servers bought by {Words(story.Options.Sizing)}, {story.Systems.Count} systems; a cloud host has {story.Estate.Cloud.Name}";
        yield return "stage      closed  servers on  use %  overload %  unserved %       kW  moves  cloud hosts  expected";
        foreach (var (day, i) in story.Accounts.Days.Select((d, i) => (d, i)))
            yield return $"{Stage(story, i),-9}  {day.Closed,6}  {day.ServersOn,10:F1}  {day.UsePct,5:F2}  {day.OverloadTimePct,10:F4}  {story.Days[i].UnservedPct,10:F5}  {day.Kw,7:F1}  {day.Moves,5}  {day.CloudServers,11}  {(i >= 1 && i <= story.Waves.Count ? story.Waves[i - 1].HostsExpected : ""),8}";
        yield return $"use {first.UsePct:F1} % -> {last.UsePct:F1} %; servers on {first.ServersOn:F0} -> {last.ServersOn:F0}; {last.Retired} retired, {last.Closed} data centres closed";
        yield return $"saved in {story.Accounts.Days.Count - 1} stages of {story.Book.WaveDays} days: {story.Accounts.HostHoursSaved:F0} host hours, {story.Accounts.KwhSaved:F0} kWh at the servers, {story.Accounts.Saved.Total:F0} {prices.Currency}";
        yield return $"a year of the finished cloud saves {(first.Kwh - last.Kwh) * 365:F0} kWh, {last.Money.Total * 365:F0} {prices.Currency} (prices are assumptions unless yours: --prices)";
    }

    public static IEnumerable<string> Json(Story story)
    {
        foreach (var i in story.Islands)
            yield return JsonSerializer.Serialize(new { kind = "data_centre", name = i.Name, servers = i.Servers, systems = i.Vms, kw = R(i.Kw), use_pct = R(i.UsePct), memory_gb = R(i.MemoryGb), landing_mips = R(i.LandingMips), landing_hosts = R(Math.Max(i.LandingMips / story.Estate.Cloud.Mips, i.MemoryGb * 1024 / story.Estate.Cloud.RamMb)) });
        foreach (var w in story.Waves)
            yield return JsonSerializer.Serialize(new { kind = "wave", number = w.Number, data_centres = w.Islands.Select(i => i.Name), systems = w.Vms, servers = w.Servers, cloud_hosts_expected = w.HostsExpected });
        foreach (var (d, i) in story.Accounts.Days.Select((d, i) => (d, i)))
            yield return JsonSerializer.Serialize(new { kind = "stage", stage = Stage(story, i), data_centres_closed = d.Closed, servers_on = R(d.ServersOn), servers_retired = d.Retired, cloud_hosts = d.CloudServers, use_pct = R(d.UsePct), overload_time_pct = R(d.OverloadTimePct), unserved_pct = Math.Round(story.Days[i].UnservedPct, 6), memory_over_time_pct = R(story.Days[i].MemoryOverTimePct), kw = R(d.Kw), migrations = d.Moves, host_hours = R(d.HostHours), kwh = R(d.Kwh) });
        var last = story.Accounts.Days[^1];
        yield return JsonSerializer.Serialize(new { kind = "total", sizing = story.Options.Sizing.ToString().ToLowerInvariant(), policy = story.Book.Policy, use_pct_before = R(story.Accounts.Days[0].UsePct), use_pct_after = R(last.UsePct), servers_before = story.Estate.OldHosts, servers_retired = last.Retired, cloud_hosts = last.CloudServers, host_hours_saved = R(story.Accounts.HostHoursSaved), kwh_saved = R(story.Accounts.KwhSaved), money_saved = R(story.Accounts.Saved.Total), kwh_saved_per_year = R((story.Accounts.Days[0].Kwh - last.Kwh) * 365), money_saved_per_year = R(last.Money.Total * 365), currency = story.Book.Prices.Currency });
    }

    /// <summary>A row for each system, in the order of the waves. A row is never changed: who wants another plan makes a new one.</summary>
    public static IEnumerable<string> Plan(Story story)
    {
        var (row, waves) = (0, story.Waves.SelectMany(w => w.Islands.Select(i => (i.Island, w.Number))).ToDictionary(w => w.Island, w => w.Number));
        foreach (var s in story.Systems.OrderBy(s => waves[story.Estate.IslandOfVm(s.Vm)]).ThenBy(s => story.Estate.IslandOfVm(s.Vm)).ThenBy(s => s.Vm))
        {
            var (shape, source) = (story.Estate.Trace.Vms[s.Vm], story.Book.Sources[s.Vm]);
            yield return JsonSerializer.Serialize(new { row = ++row, wave = waves[story.Estate.IslandOfVm(s.Vm)], data_centre = OldEstate.NameOf(story.Estate.IslandOfVm(s.Vm)), server = s.Server, system = shape.Name, file = story.Book.Files[source.File].Path, file_row = source.Row, promised_mips = shape.Mips, level_pct = R(s.LevelPct), p95_pct = s.P95Pct, peak_pct = s.PeakPct, landing_mips = R(s.LandingMips), landing_mb = R(s.LandingMb) });
        }
    }

    /// <summary>One row for each five minutes.</summary>
    public static IEnumerable<string> Csv(Story story)
    {
        yield return "stage,step,hosts,util_pct,overload_pct,migrations";
        for (var day = 0; day < story.Days.Count; day++)
            foreach (var m in story.Days[day].Course.Skip(1)) yield return FormattableString.Invariant($"{Stage(story, day)},{m.Step},{m.Hosts:F2},{m.UtilPct:F3},{m.OverloadPct:F4},{m.Migrations}");
    }

    public static string Words(Rule rule) => rule switch
    {
        Rule.Peak => "each system's own peak and 30 % more, memory whole, one in ten standing by",
        Rule.Flavour => "what each system was promised, memory whole, one in ten standing by",
        _ => "one server for each system",
    };

    private static double R(double value) => Math.Round(value, 3);
}
