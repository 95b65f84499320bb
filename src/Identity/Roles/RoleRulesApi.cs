using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

/// <summary>
/// /xiangyun/v1/roles/{id}/rules: a bureau's manager composes roles of its own out of single rules. They let pass what a reader, member
/// or manager may do in the scope where the role is granted, and never more, whatever the table of rules says later.
/// </summary>
internal sealed class RoleRulesApi(IdentityStore store) : IApi
{
    private static readonly Actor AtProject = new() { UserId = "", UserName = "", UserDomainId = "", ProjectId = "x" }, AtDomain = new() { UserId = "", UserName = "", UserDomainId = "", DomainId = "x" };

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/rules", "identity:list_roles", List);
        r.Get("/roles/{id}/rules", "identity:update_role", call => store.Read(async db => Wire(await RoleApi.Own(db, call))));
        r.Put("/roles/{id}/rules", "identity:update_role", "role.rules", Set);
    }

    /// <summary>What can be put into a role, and in which scope it means something.</summary>
    private static Task<Answer> List(Call call)
    {
        var page = call.Page();
        var names = Rules.All.Keys.Where(Known).Order(StringComparer.Ordinal).Where(n => page.Marker is null || string.CompareOrdinal(n, page.Marker) > 0).Take(page.Limit + 1).ToList();
        var shown = names.Take(page.Limit).ToList();
        return Task.FromResult(Answer.Ok(new JsonObject
        {
            ["rules"] = new JsonArray([.. shown.Select(n => new JsonObject { ["rule"] = n, ["at_project"] = Rules.Delegable(n, AtProject), ["at_domain"] = Rules.Delegable(n, AtDomain) })]),
            ["next"] = shown.Count > 0 && names.Count > shown.Count ? call.NextLink(shown[^1]) : null,
        }));
    }

    private static bool Known(string rule) => Rules.Known(rule) && (Rules.Delegable(rule, AtProject) || Rules.Delegable(rule, AtDomain));

    private static Answer Wire(RoleRow row) => Answer.Ok(new JsonObject { ["role_id"] = row.Id, ["name"] = row.Name, ["domain_id"] = row.DomainId, ["rules"] = JsonNode.Parse(row.Rules ?? "[]") });

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body();
        var rules = (body.TextsOr("rules") ?? throw CloudError.Invalid("Invalid input: 'rules' is a required property: a list of rules.")).Distinct().Order(StringComparer.Ordinal).ToList();
        body.Done();
        if (rules.FirstOrDefault(r => !Rules.Known(r)) is { } unknown) throw CloudError.Invalid($"There is no rule '{unknown}'; GET /xiangyun/v1/rules lists those that can be given.");
        if (rules.FirstOrDefault(r => !Known(r)) is { } high) throw CloudError.Forbidden($"The rule {high} cannot be put into a role: it belongs to the cloud or to one of its administrators.");
        return await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await RoleApi.Own(db, call);
            if (row.DomainId.Length == 0) throw CloudError.Forbidden("Only a role of a domain is made of rules; what the roles of the whole cloud mean is fixed.");
            var text = JsonSerializer.Serialize(rules);
            await db.Roles.Where(r => r.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Rules, text));
            tx.Audit(call.Verb, "role", row.Id, null, new { row.Name, rules });
            return Wire(await IdentityStore.Role(db, row.Id));
        });
    }
}
