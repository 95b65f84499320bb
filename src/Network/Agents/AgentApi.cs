using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Agents;

/// <summary>What of the networking runs where: one OVN controller on each host, and the zones that hosts are in.</summary>
internal sealed class AgentApi(Database database, HostNames hosts) : IApi
{
    public Service Service => Neutron.Service;

    public void Map(Routes routes)
    {
        routes.Get("/agents", "network:agent:read", Agents);
        routes.Get("/agents/{id}", "network:agent:read", Agent);
        routes.Get("/availability_zones", "network:availability_zone:read", Zones);
    }

    private async Task<Answer> Agents(Call call)
    {
        var shown = (await Visible(call)).Select(Shown);
        foreach (var name in ListRequest.FilterNames(call))
        {
            var values = call.QueryAll(name);
            shown = shown.Where(a => a.ContainsKey(name) ? values.Contains(a[name]?.ToString() ?? "", StringComparer.OrdinalIgnoreCase)
                : throw CloudError.Invalid($"['{name}'] is invalid attribute for filtering", "HTTPBadRequest"));
        }
        return Answer.Ok(new JsonObject { ["agents"] = new JsonArray([.. shown.Select(a => ListRequest.Fields(call, a))]) });
    }

    private async Task<Answer> Agent(Call call) => (await Visible(call)).FirstOrDefault(h => h.Id == call["id"]) is { } host
        ? Answer.Ok(new JsonObject { ["agent"] = ListRequest.Fields(call, Shown(host)) })
        : throw NotFound.Of("AgentNotFound", "Agent", call["id"]);

    private async Task<Answer> Zones(Call call)
    {
        var zones = (await All(call)).Where(h => h.Enabled).Select(h => h.Zone).Distinct().Order(StringComparer.Ordinal);
        return Answer.Ok(new JsonObject
        {
            ["availability_zones"] = new JsonArray([.. zones.SelectMany(zone => new[] { "network", "router" }.Select(resource =>
                new JsonObject { ["name"] = zone, ["resource"] = resource, ["state"] = "available" }))]),
        });
    }

    private Task<IReadOnlyList<HostView>> All(Call call) => database.Read(hosts.All, call.Stop);

    /// <summary>Hosts are the operators' business: others see none.</summary>
    private async Task<IReadOnlyList<HostView>> Visible(Call call) => call.Actor.IsAdmin ? await All(call) : [];

    private static JsonObject Shown(HostView host) => new()
    {
        ["id"] = host.Id, ["host"] = host.Name, ["agent_type"] = "OVN Controller agent", ["binary"] = "ovn-controller", ["topic"] = "n/a",
        ["alive"] = host.Alive, ["admin_state_up"] = host.Enabled, ["availability_zone"] = host.Zone, ["description"] = host.Simulated ? "simulated host" : "",
        ["created_at"] = Clock.Seconds(host.CreatedAt), ["started_at"] = Clock.Seconds(host.CreatedAt), ["heartbeat_timestamp"] = Clock.Seconds(host.SeenAt),
        ["configurations"] = new JsonObject { ["chassis_name"] = host.Chassis }, ["resources_synced"] = null,
    };
}
