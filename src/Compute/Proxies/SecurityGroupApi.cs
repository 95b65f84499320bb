using System.Text.Json.Nodes;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>os-security-groups and their rules: Network's, in the shape that Nova had until 2.36.</summary>
internal sealed class SecurityGroupApi(Database database, Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string all = "/os-security-groups", one = all + "/{id}";
        r.Get(all, "compute:read", Nova.Until(36, List));
        r.Post(all, "compute:write", "security_group.create", Nova.Until(36, call => Change(call, "POST", "/security-groups")));
        r.Get(one, "compute:read", Nova.Until(36, async call => Answer.Ok(await One(call, await Ask(call, "GET", "/security-groups/" + Group(call))))));
        r.Put(one, "compute:write", "security_group.update", Nova.Until(36, call => Change(call, "PUT", "/security-groups/" + Group(call))));
        r.Delete(one, "compute:write", "security_group.delete", Nova.Until(36, async call => { await Ask(call, "DELETE", "/security-groups/" + Group(call)); return Answer.Accepted; }));
        r.Post("/os-security-group-rules", "compute:write", "security_group_rule.create", Nova.Until(36, AddRule));
        r.Delete("/os-security-group-rules/{id}", "compute:write", "security_group_rule.delete", Nova.Until(36, async call => { await Ask(call, "DELETE", "/security-group-rules/" + Group(call)); return Answer.Accepted; }));
        r.Get("/servers/{id}/os-security-groups", "compute:read", OfServer);
    }

    private static string Group(Call call) => Id.Canonical(call["id"]) ?? throw CloudError.Invalid($"Security group id should be uuid: {(call["id"].Length > 80 ? call["id"][..80] : call["id"])}");

    /// <summary>What Network calls a conflict was a bad request here.</summary>
    private async Task<JsonNode?> Ask(Call call, string method, string path, object? body = null)
    {
        try
        {
            return await neighbour.Ask(call, "neutron", method, path, body);
        }
        catch (CloudError e) when (e.Kind == ErrorKind.Conflict)
        {
            throw CloudError.Invalid(e.Message);
        }
    }

    private async Task<JsonObject> One(Call call, JsonNode? answer) => new() { ["security_group"] = (await Shown(call, [answer!["security_group"]!]))[0] };

    /// <summary>Rules name the groups that they let in, which may be others' than these.</summary>
    private async Task<List<JsonObject>> Shown(Call call, IReadOnlyList<JsonNode> groups)
    {
        var names = groups.ToDictionary(g => g["id"]!.ToString());
        var missing = groups.SelectMany(g => g["security_group_rules"]!.AsArray()).Select(x => x!["remote_group_id"]?.ToString()).OfType<string>().Where(id => !names.ContainsKey(id)).Distinct().ToList();
        if (missing.Count > 0)
            foreach (var group in (await Ask(call, "GET", "/security-groups?" + string.Join('&', missing.Select(id => "id=" + id))))!["security_groups"]!.AsArray()) names[group!["id"]!.ToString()] = group;
        return [.. groups.Select(g => SecurityGroupWire.Of(g, names))];
    }

    private async Task<Answer> List(Call call)
    {
        var all = call.Actor.IsAdmin && call.QueryOr("all_tenants") is not null && call.QueryFlag("all_tenants");
        var groups = (await Ask(call, "GET", "/security-groups" + (all ? "" : "?project_id=" + call.Actor.ProjectId)))!["security_groups"]!.AsArray();
        var offset = int.TryParse(call.QueryOr("offset"), out var o) && o > 0 ? o : 0;
        return Answer.Ok(new JsonObject { ["security_groups"] = new JsonArray([.. await Shown(call, [.. groups.Select(g => g!).Skip(offset).Take(call.Page().Limit)])]) });
    }

    private async Task<Answer> Change(Call call, string method, string path)
    {
        var body = await call.Body("security_group");
        var (name, description) = (body.Text("name", 1), body.TextOr("description") ?? "");
        body.Done();
        if (name.Trim().Length == 0) throw CloudError.Invalid("Security group name is not a string or unicode, or it is blank.");
        return Answer.Ok(await One(call, await Ask(call, method, path, new { security_group = new { name, description } })));
    }

    private async Task<Answer> AddRule(Call call)
    {
        var wish = SecurityGroupRule.Read(await call.Body("security_group_rule"));
        await Ask(call, "GET", "/security-groups/" + wish.ParentId);
        var made = (await Ask(call, "POST", "/security-group-rules", new { security_group_rule = wish.ForNetwork() }))!["security_group_rule"]!;
        var names = wish.GroupId is null ? [] : new Dictionary<string, JsonNode> { [wish.GroupId] = (await Ask(call, "GET", "/security-groups/" + wish.GroupId))!["security_group"]! };
        var shown = SecurityGroupWire.Rule(made, names);
        if (wish.Cidr is not null) shown["ip_range"] = new JsonObject { ["cidr"] = wish.Cidr };
        return Answer.Ok(new JsonObject { ["security_group_rule"] = shown });
    }

    private async Task<Answer> OfServer(Call call)
    {
        var server = await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        var ports = (await Ask(call, "GET", "/ports?device_id=" + server.Id))!["ports"]!.AsArray();
        var ids = ports.SelectMany(p => p!["security_groups"]!.AsArray()).Select(g => g!.ToString()).Distinct().ToList();
        if (ids.Count == 0) return Answer.Ok(new JsonObject { ["security_groups"] = new JsonArray() });
        var groups = (await Ask(call, "GET", "/security-groups?" + string.Join('&', ids.Select(id => "id=" + id))))!["security_groups"]!.AsArray();
        return Answer.Ok(new JsonObject { ["security_groups"] = new JsonArray([.. await Shown(call, [.. groups.Select(g => g!)])]) });
    }
}
