using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Recycling;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Keeping;

/// <summary>/xiangyun/v1/recycle-bin/{kind}: what was deleted and can still be had back.</summary>
internal sealed class RecycleBinApi(Database database, IEnumerable<IRecycled> all, IBranches branches) : IApi
{
    private readonly Dictionary<string, IRecycled> _kinds = all.ToDictionary(r => r.Kind);

    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/recycle-bin/{kind}", "recycle:read", List);
        r.Post("/recycle-bin/{kind}/{id}/restore", "recycle:write", "recycle_bin.restore", Restore);
        r.Delete("/recycle-bin/{kind}/{id}", "recycle:write", "recycle_bin.delete", Delete);
    }

    private IRecycled Kind(Call call) => _kinds.GetValueOrDefault(call["kind"]) ?? throw CloudError.NotFound($"There is no recycle bin for '{call["kind"]}'; there are {string.Join(", ", _kinds.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Those of the token's project, of its domain, or all for the cloud's administrator.</summary>
    private async Task<IQueryable<Recycled>> Mine(Query q, Call call)
    {
        var rows = Kind(call).Rows(q);
        if (call.Actor.ProjectId is { } project && !call.Actor.IsAdmin) return rows.Where(r => r.ProjectId == project);
        if (call.Actor.DomainId is not { } domain) return call.Actor.IsAdmin ? rows : rows.Where(r => false);
        var below = await branches.Below(q, domain);
        return rows.Where(r => below.Contains(r.ProjectId));
    }

    private async Task<Recycled> Find(Query q, Call call)
    {
        var id = call["id"];
        return await (await Mine(q, call)).SingleOrDefaultAsync(r => r.Id == id) ?? throw CloudError.NotFound($"There is no {call["kind"]} {id} in the recycle bin.");
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = await Mine(q, call);
        if (call.QueryOr("project_id") is { } project) rows = rows.Where(r => r.ProjectId == project);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(r => r.Id == m) ?? throw CloudError.Invalid($"The marker {m} names nothing of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(Recycled.Id))], page, mark);
        return Answer.Ok(new JsonObject { ["recycled"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    private static JsonObject Wire(Recycled r) => new() { ["id"] = r.Id, ["name"] = r.Name, ["project_id"] = r.ProjectId, ["deleted_at"] = Clock.Seconds(r.DeletedAt), ["until"] = Clock.Seconds(r.Until) };

    private async Task<Answer> Restore(Call call)
    {
        await database.Write(call.Actor, async tx => await Kind(call).Restore(tx, await Find(tx, call)), call.Stop);
        return Answer.NoContent;
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx => await Kind(call).Purge(tx, await Find(tx, call)), call.Stop);
        return Answer.NoContent;
    }
}
