using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>os-floating-ips and their pools: Network's floating IPs and external networks, as Nova showed them until 2.36.</summary>
internal sealed class FloatingIpApi(Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-floating-ips", "compute:read", Nova.Until(36, List));
        r.Post("/os-floating-ips", "compute:write", "floating_ip.create", Nova.Until(36, Create));
        r.Get("/os-floating-ips/{id}", "compute:read", Nova.Until(36, Show));
        r.Delete("/os-floating-ips/{id}", "compute:write", "floating_ip.delete", Nova.Until(36, Delete));
        r.Get("/os-floating-ip-pools", "compute:read", Nova.Until(36, Pools));
    }

    private async Task<List<JsonNode>> External(Call call) => [.. (await neighbour.Ask(call, "neutron", "GET", "/networks?router:external=true"))!["networks"]!.AsArray().Select(n => n!)];

    private static JsonObject Wire(JsonNode f, IReadOnlyList<JsonNode> pools) => new()
    {
        ["id"] = f["id"]!.DeepClone(), ["ip"] = f["floating_ip_address"]!.DeepClone(), ["fixed_ip"] = f["fixed_ip_address"]?.DeepClone(),
        ["pool"] = pools.FirstOrDefault(p => p["id"]!.ToString() == f["floating_network_id"]!.ToString())?["name"]?.DeepClone() ?? f["floating_network_id"]!.DeepClone(),
        ["instance_id"] = f["port_details"]?["device_id"]?.ToString() is { Length: > 0 } device ? device : null,
    };

    private static CloudError Missing(string id) => CloudError.NotFound($"Floating IP not found for ID {id}");

    private async Task<Answer> List(Call call)
    {
        var pools = await External(call);
        var all = (await neighbour.Ask(call, "neutron", "GET", "/floatingips?project_id=" + call.Actor.ProjectId))!["floatingips"]!.AsArray();
        return Answer.Ok(new JsonObject { ["floating_ips"] = new JsonArray([.. all.Select(f => Wire(f!, pools))]) });
    }

    private static string Given(Call call) => Id.Canonical(call["id"]) ?? throw Missing(call["id"]);

    private async Task<Answer> Show(Call call) => Answer.Ok(new JsonObject { ["floating_ip"] = Wire((await neighbour.Ask(call, "neutron", "GET", "/floatingips/" + Given(call)))!["floatingip"]!, await External(call)) });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var pool = body.TextOr("pool", 1);
        body.Done();
        var pools = await External(call);
        var network = pools.FirstOrDefault(p => pool is null || p["name"]!.ToString() == pool || p["id"]!.ToString() == pool) ?? throw CloudError.NotFound(pool is null ? "There is no floating IP pool." : $"Floating IP pool {pool} not found.");
        var made = await neighbour.Ask(call, "neutron", "POST", "/floatingips", new { floatingip = new { floating_network_id = network["id"]!.ToString() } });
        return Answer.Ok(new JsonObject { ["floating_ip"] = Wire(made!["floatingip"]!, pools) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await neighbour.Ask(call, "neutron", "DELETE", "/floatingips/" + Given(call));
        return Answer.Accepted;
    }

    private async Task<Answer> Pools(Call call) => Answer.Ok(new JsonObject { ["floating_ip_pools"] = new JsonArray([.. (await External(call)).Select(p => new JsonObject { ["name"] = p["name"]!.DeepClone() })]) });
}
