using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>/xiangyun/v1/organisations: the tree as its administrators see it. Domains and projects are made with Keystone's own API.</summary>
internal sealed class OrganisationApi(Database database, IOrganisations organisations, Power power) : IApi
{
    public static readonly Service Own = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public Service Service => Own;

    public void Map(Routes r)
    {
        r.Get("/organisations", "organisation:read", List);
        r.Get("/organisations/{id}", "organisation:read", Show);
    }

    public static CloudError Missing(string id) => CloudError.NotFound($"There is no organisation {id}.");

    /// <summary>The node, if it exists and the caller may see it; both failures look the same.</summary>
    public static async Task<ProjectRow?> Visible(Query q, Power power, Actor actor, string id)
    {
        var row = id == Quotas.Cloud ? null : await q.Db<IdentityDb>().Projects.SingleOrDefaultAsync(p => p.Id == id) ?? throw Missing(id);
        return await power.Sees(q, actor, id) ? row : throw Missing(id);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<IdentityDb>().Projects.AsQueryable();
        var actor = call.Actor;
        if (!actor.IsAdmin && !actor.SystemScope)
        {
            if (actor.DomainId is { } domain) rows = rows.Where(p => p.DomainId == domain);
            else
            {
                var carving = new Carving(await organisations.All(q), new Dictionary<string, long>());
                var mine = actor.ProjectId is { } project ? carving.Sharing(project).ToList() : [];
                rows = rows.Where(p => mine.Contains(p.Id));
            }
        }
        if (call.QueryOr("parent_id") is { } parent)
            rows = parent == Quotas.Cloud ? rows.Where(p => p.IsDomain) : rows.Where(p => p.ParentId == parent || p.ParentId == null && p.DomainId == parent && !p.IsDomain);
        if (call.QueryOr("name") is { } name) rows = rows.Where(p => p.Name == name);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no organisation of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id")], page, mark);
        return Answer.Ok(new JsonObject { ["organisations"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private static JsonObject Wire(ProjectRow p) => new()
    {
        ["id"] = p.Id, ["name"] = p.Name, ["kind"] = p.IsDomain ? "domain" : "project", ["parent_id"] = p.IsDomain ? Quotas.Cloud : p.ParentId ?? p.DomainId,
        ["domain_id"] = p.DomainId, ["enabled"] = p.Enabled, ["description"] = p.Description, ["created_at"] = Clock.Seconds(p.CreatedAt),
    };

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var row = await Visible(q, power, call.Actor, call["id"]);
        var body = row is null ? new JsonObject { ["id"] = Quotas.Cloud, ["name"] = Quotas.Cloud, ["kind"] = "cloud", ["parent_id"] = null } : Wire(row);
        var above = await organisations.Above(q, call["id"]);
        var names = await q.Db<IdentityDb>().Projects.Where(p => above.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name);
        body["path"] = new JsonArray([.. above.Reverse().Select(id => new JsonObject { ["id"] = id, ["name"] = names.GetValueOrDefault(id, id) })]);
        return Answer.Ok(new JsonObject { ["organisation"] = body });
    });
}
