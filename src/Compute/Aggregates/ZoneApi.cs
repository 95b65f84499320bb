using System.Text.Json.Nodes;
using Xiangyun.Compute.Hypervisors;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Aggregates;

/// <summary>Availability zones: where hosts are, by their registration or by an aggregate.</summary>
internal sealed class ZoneApi(ComputeHosts hosts) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-availability-zone", "compute:read_quota", call => List(detail: false));
        r.Get("/os-availability-zone/detail", "compute:hypervisors", call => List(detail: true));
    }

    private async Task<Answer> List(bool detail) => Answer.Ok(new JsonObject
    {
        ["availabilityZoneInfo"] = new JsonArray([.. (await hosts.All()).GroupBy(h => h.Host.Zone).OrderBy(z => z.Key, StringComparer.Ordinal).Select(z => new JsonObject
        {
            ["zoneName"] = z.Key, ["zoneState"] = new JsonObject { ["available"] = z.Any(h => h.Host.Enabled) },
            ["hosts"] = detail ? new JsonObject(z.Select(h => KeyValuePair.Create(h.Host.Name, (JsonNode?)OnHost(h)))) : null,
        })]),
    });

    private static JsonObject OnHost(ComputeHost h) => new()
    {
        ["nova-compute"] = new JsonObject { ["available"] = h.Up, ["active"] = h.Host.Enabled, ["updated_at"] = h.Host.SeenAt == 0 ? null : Clock.Micros(h.Host.SeenAt) },
    };
}
