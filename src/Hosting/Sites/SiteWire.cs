using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store.Members;

namespace Xiangyun.Hosting.Sites;

internal static class SiteWire
{
    public static JsonObject Of(SiteRow s, IEnumerable<string> hostNames, IReadOnlyList<Member> members) => new()
    {
        ["id"] = s.Id, ["name"] = s.Name, ["description"] = s.Description, ["project_id"] = s.ProjectId,
        ["status"] = SiteRules.Status(members),
        ["host_names"] = new JsonArray([.. hostNames.Select(n => (JsonNode)SiteRules.Shown(n))]),
        ["registration"] = s.Registration,
        ["contacts"] = JsonNode.Parse(s.Contacts),
        ["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["kind"] = m.Kind, ["id"] = m.Id, ["name"] = m.Name, ["status"] = m.Status })]),
        ["exposure"] = new JsonArray([.. members.SelectMany(m => m.Exposed.Select(a => (Address: a, Member: m))).GroupBy(e => e.Address).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new JsonObject { ["address"] = g.Key, ["through"] = new JsonArray([.. g.Select(e => new JsonObject { ["kind"] = e.Member.Kind, ["id"] = e.Member.Id })]) })]),
        ["created_at"] = Clock.Seconds(s.CreatedAt), ["updated_at"] = Clock.Seconds(s.UpdatedAt),
    };
}
