using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

internal static class ProjectWire
{
    public static JsonObject Of(ProjectRow p, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = p.Id, ["name"] = p.Name, ["domain_id"] = p.IsDomain ? null : p.DomainId, ["description"] = p.Description, ["enabled"] = p.Enabled,
            ["parent_id"] = p.IsDomain ? null : p.ParentId ?? p.DomainId, ["is_domain"] = p.IsDomain, ["tags"] = JsonNode.Parse(p.Tags), ["options"] = new JsonObject(),
            ["links"] = Keystone.Self(call, "/projects/" + p.Id),
        };
        Keystone.AddExtras(body, p.Extra);
        return body;
    }

    public static JsonObject Domain(ProjectRow p, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = p.Id, ["name"] = p.Name, ["description"] = p.Description, ["enabled"] = p.Enabled, ["tags"] = JsonNode.Parse(p.Tags),
            ["options"] = new JsonObject(), ["links"] = Keystone.Self(call, "/domains/" + p.Id),
        };
        Keystone.AddExtras(body, p.Extra);
        return body;
    }
}
