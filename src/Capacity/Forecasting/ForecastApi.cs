using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Forecasting;

/// <summary>/xiangyun/v1/capacity/forecast and /growth: days left by zone and resource, with how wrong the method was on the past; and who grows.</summary>
internal sealed class ForecastApi(Database database, Runway runway, IOrganisations organisations) : IApi
{
    public Service Service => CapacityModule.Service;

    public void Map(Routes r)
    {
        r.Get("/capacity/forecast", "capacity:plan", Show);
        r.Get("/capacity/growth", "capacity:plan", Growth);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var (zone, resource) = (call.QueryOr("zone"), call.QueryOr("resource"));
        if (resource is not null && !DaySurvey.Units.ContainsKey(resource)) throw CloudError.Invalid($"There is no resource '{resource}'; there are {string.Join(", ", DaySurvey.Units.Keys)}.");
        var courses = await runway.All(q, zone is "cloud" ? "" : zone, resource);
        if (zone is not null && courses.Count == 0) throw CloudError.NotFound($"Nothing is known of the zone '{zone}'.");
        return Answer.Ok(new JsonObject { ["forecast"] = new JsonArray([.. courses.Select(c => (JsonNode)Wire(c, resource is not null))]) });
    }, call.Stop);

    internal static JsonObject Wire(Course c, bool curves)
    {
        var wire = new JsonObject
        {
            ["zone"] = c.Zone.Length == 0 ? null : c.Zone, ["resource"] = c.Resource, ["unit"] = DaySurvey.Units[c.Resource], ["as_of"] = Clock.Seconds(DaySurvey.Begins(c.Last.Day))[..10],
            ["physical"] = c.Last.Physical, ["capacity"] = c.Last.Capacity, ["allocated"] = c.Last.Allocated, ["used"] = c.Last.Used is { } used ? Math.Round(used, 1) : null,
            ["days_known"] = c.Days[^1].Day - c.Days[0].Day + 1, ["days_needed"] = Forecast.Least, ["enough"] = c.Forecast is not null, ["horizon"] = Forecast.Horizon, ["method"] = c.Forecast?.Method,
            ["days_left"] = c.Forecast is null ? null : new JsonObject { ["p10"] = c.P10, ["p50"] = c.P50, ["p90"] = c.P90 },
            ["back_test"] = c.Forecast?.Error is { } e ? new JsonObject { ["origins"] = e.Origins, ["days_ahead"] = e.Horizon, ["coverage_percent"] = Math.Round(e.Coverage, 1), ["mape_percent"] = Math.Round(e.Mape, 2) } : null,
        };
        if (!curves) return wire;
        wire["history"] = new JsonArray([.. c.Days.Select(d => (JsonNode)new JsonArray(DaySurvey.Begins(d.Day), d.Allocated, d.Used is { } u ? Math.Round(u, 1) : null, d.Capacity))]);
        if (c.Forecast?.Fan is { } fan) wire["fan"] = new JsonArray([.. fan.P50.Select((_, i) => (JsonNode)new JsonArray(DaySurvey.Begins(c.Last.Day + 1 + i), R(fan.P10[i]), R(fan.P50[i]), R(fan.P90[i])))]);
        return wire;
    }

    private static double R(double value) => Math.Round(value, 1);

    private Task<Answer> Growth(Call call) => database.Read(async q =>
    {
        var today = DaySurvey.Today(q.Now);
        var names = (await organisations.All(q)).Where(n => n.ParentId == Quotas.Cloud).ToDictionary(n => n.Id, n => n.Name);
        var rows = (await q.Db<CapacityDb>().Growth.Where(g => g.Day >= today - 90).OrderBy(g => g.Day).ToListAsync()).GroupBy(g => g.DomainId).Where(g => names.ContainsKey(g.Key)).ToList();
        return Answer.Ok(new JsonObject
        {
            ["growth"] = new JsonArray([.. rows.Select(g => (Rows: g.ToList(), Last: g.Last())).Where(g => g.Last.Day >= today - 2).OrderByDescending(g => g.Last.Vcpus).Select(g => (JsonNode)new JsonObject
            {
                ["organisation_id"] = g.Last.DomainId, ["name"] = names[g.Last.DomainId], ["servers"] = g.Last.Servers, ["vcpus"] = g.Last.Vcpus, ["ram_mib"] = g.Last.RamMib,
                ["since"] = Clock.Seconds(DaySurvey.Begins(g.Rows[0].Day))[..10], ["vcpus_before"] = g.Rows[0].Vcpus, ["ram_mib_before"] = g.Rows[0].RamMib, ["servers_before"] = g.Rows[0].Servers,
                ["history"] = new JsonArray([.. g.Rows.Select(r => (JsonNode)new JsonArray(DaySurvey.Begins(r.Day), r.Vcpus, r.RamMib))]),
            })]),
        });
    }, call.Stop);
}
