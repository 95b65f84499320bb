using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Records;

/// <summary>The records, newest first.</summary>
internal sealed class RecordApi(Database database, Sights sights) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r)
    {
        r.Get("/audit/records", "audit:read", List);
        r.Get("/audit/records/{id}", "audit:read", Show);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = Filter.Of(call, (await sights.Of(q, call.Actor)).Of(q.Db<AuditDb>().Audit));
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(a => a.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no record of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", Descending: true)], page, mark);
        return Answer.Ok(new { records = slice.Rows.Select(AuditRecord.Of), next = slice.More && slice.Rows.Count > 0 ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var id = call["id"];
        var row = await (await sights.Of(q, call.Actor)).Of(q.Db<AuditDb>().Audit).SingleOrDefaultAsync(a => a.Id == id);
        return row is null ? throw CloudError.NotFound($"There is no audit record {id}.") : Answer.Ok(new { record = AuditRecord.Of(row) });
    });
}
