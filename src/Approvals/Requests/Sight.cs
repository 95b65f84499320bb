using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Rules;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Approvals.Requests;

/// <summary>Who sees a request: who made it, who manages where it is for, and who decides or has decided about it.</summary>
internal sealed class Sight(QuotaTree tree, Deciders deciders)
{
    public static CloudError Missing(string id) => CloudError.NotFound($"There is no request {id}.");

    /// <summary>Nodes that the caller manages; null = all.</summary>
    public async Task<IReadOnlyList<string>?> Managed(Query q, Actor actor)
    {
        if (actor.IsAdmin) return null;
        if (!actor.Roles.Contains("manager")) return [];
        return actor.SystemScope ? null : (actor.DomainId ?? actor.ProjectId) is { } place ? [.. (await tree.Read(q, "")).Below(place)] : [];
    }

    public async Task<IQueryable<RequestRow>> Rows(Query q, Actor actor)
    {
        var (db, user) = (q.Db<ApprovalsDb>(), actor.UserId);
        var rows = db.Requests.AsQueryable();
        return await Managed(q, actor) is { } nodes
            ? rows.Where(r => r.RequesterId == user || nodes.Contains(r.ProjectId) || db.Decisions.Any(d => d.RequestId == r.Id && d.UserId == user)) : rows;
    }

    public async Task<RequestRow> Find(Query q, Actor actor, string id)
    {
        if (await (await Rows(q, actor)).SingleOrDefaultAsync(r => r.Id == id) is { } row) return row;
        row = await q.Db<ApprovalsDb>().Requests.SingleOrDefaultAsync(r => r.Id == id);
        return row is not null && await deciders.IsNamed(q, actor, row) ? row : throw Missing(id);
    }

    /// <summary>What waits for this person. Only what waits is looked through, one after the other: who may decide follows from time and tree.</summary>
    public async Task<IReadOnlyList<string>> ToDecide(Query q, Actor actor)
    {
        var mine = new List<string>();
        foreach (var row in await q.Db<ApprovalsDb>().Requests.Where(r => r.State == States.Waiting).OrderBy(r => r.Id).ToListAsync())
            if (await deciders.May(q, actor, row)) mine.Add(row.Id);
        return mine;
    }
}
