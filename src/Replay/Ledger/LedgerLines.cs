using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Ledger;

/// <summary>The ledger as lines of JSON: what it is made of and what was counted from that, host by host, day by day. `docs/islands.md` tells every field.</summary>
internal static class LedgerLines
{
    public const int Format = 1;

    public static IEnumerable<JsonObject> Of(Book book)
    {
        var accounts = new Accounts(book);
        List<HostShape> shapes = [.. book.Hosts.Select(h => h.Shape).DistinctBy(s => s.Name)];
        yield return new JsonObject
        {
            ["line"] = "ledger", ["format"] = Format, ["policy"] = book.Policy, ["days"] = book.Days, ["wave_days"] = book.WaveDays, ["vms"] = book.Trace.Vms.Length,
            ["shapes"] = new JsonArray([.. shapes.Select(s => Shape(s))]), ["prices"] = JsonSerializer.SerializeToNode(book.Prices, Prices.Json),
        };
        foreach (var (file, i) in book.Files.Select((f, i) => (f, i))) yield return new JsonObject { ["line"] = "source", ["file"] = i, ["path"] = file.Path, ["sha256"] = file.Sha256, ["rows"] = file.Rows };
        foreach (var host in accounts.Hosts) yield return Host(book, host, shapes.FindIndex(s => s.Name == host.Host.Shape.Name));
        foreach (var day in accounts.Days) yield return Day(day, accounts.Days[0]);
        var last = accounts.Days[^1];
        yield return new JsonObject
        {
            ["line"] = "total", ["servers_retired"] = last.Retired, ["data_centres_closed"] = last.Closed, ["cloud_servers"] = last.CloudServers, ["use_pct_before"] = accounts.Days[0].UsePct, ["use_pct_after"] = last.UsePct,
            ["saved"] = Saved(accounts.HostHoursSaved, accounts.KwhSaved, accounts.Saved),
            ["saved_per_year_from_now"] = Saved((accounts.Days[0].HostHours - last.HostHours) * 365, (accounts.Days[0].Kwh - last.Kwh) * 365, last.Money * 365),
        };
    }

    private static JsonObject Shape(HostShape s) => new() { ["name"] = s.Name, ["cores"] = s.Cores, ["core_mips"] = s.CoreMips, ["ram_mb"] = s.RamMb, ["watts"] = new JsonArray([.. s.Watts.Select(w => (JsonNode)w)]) };

    private static JsonObject Host(Book book, HostAccount account, int shape) => new()
    {
        ["line"] = "server", ["server"] = account.Host.Name, ["data_centre"] = account.Host.Island, ["shape"] = shape, ["on"] = new JsonArray([.. account.Host.On.Select(s => (JsonNode)new JsonArray(s.From, s.To))]),
        ["samples"] = new JsonArray([.. account.Host.Stays.Select(s => (JsonNode)new JsonObject
        {
            ["file"] = book.Sources[s.Vm].File, ["row"] = book.Sources[s.Vm].Row, ["vm"] = book.Trace.Vms[s.Vm].Name, ["start"] = s.Start, ["from"] = s.From, ["left"] = s.Left, ["to"] = s.To,
        })]),
        ["by_day"] = new JsonArray([.. account.Days.Select((m, day) => (m, day)).Where(d => d.m.ActiveSeconds > 0).Select(d => (JsonNode)new JsonObject
        {
            ["day"] = d.day, ["on_s"] = d.m.ActiveSeconds, ["kwh"] = d.m.Joules / 3.6e6, ["served_mips_s"] = d.m.Served, ["capacity_mips_s"] = d.m.Capacity, ["over_s"] = d.m.OverSeconds,
        })]),
        ["retired_on_day"] = account.RetiredOn, ["saved"] = Saved(account.HostHours, account.Kwh, account.Money),
    };

    private static JsonObject Day(DayAccount day, DayAccount first) => new()
    {
        ["line"] = "day", ["day"] = day.Day, ["data_centres_closed"] = day.Closed, ["servers_retired"] = day.Retired, ["cloud_servers"] = day.CloudServers, ["servers_on"] = day.ServersOn, ["use_pct"] = day.UsePct,
        ["overload_time_pct"] = day.OverloadTimePct, ["kw"] = day.Kw, ["host_hours"] = day.HostHours, ["kwh"] = day.Kwh, ["migrations"] = day.Moves, ["saved_that_day"] = Saved(first.HostHours - day.HostHours, first.Kwh - day.Kwh, day.Money),
    };

    private static JsonObject Saved(double hours, double kwh, Money money) => new()
    {
        ["host_hours"] = hours, ["kwh"] = kwh, ["money"] = new JsonObject { ["energy"] = money.Energy, ["servers"] = money.Servers, ["racks"] = money.Racks, ["staff"] = money.Staff, ["total"] = money.Total },
    };
}
