using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Keys;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Records;

/// <summary>
/// The signed heads, newest first. Everybody with a token may keep one: it tells nothing but a number and a hash, and whoever
/// has it can prove later that the log was rewritten. <c>?lines</c> gives them as the verifier reads them.
/// </summary>
internal sealed class HeadApi(Database database) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r) => r.Get("/audit/heads", "audit:heads", List);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<EvidenceDb>().Heads.AsQueryable();
        var page = call.Page();
        var seq = page.Marker is { } m ? Filter.Whole("marker", m) : 0;
        var mark = seq > 0 ? await rows.SingleOrDefaultAsync(h => h.Seq == seq) ?? throw CloudError.Invalid($"The marker {seq} names no head.") : null;
        var slice = await rows.Paged([new SortKey("Seq", Descending: true)], page, mark, "Seq");
        if (call.QueryFlag("lines")) return Lines.Of(slice.Rows.Select(h => h.Line()));
        return Answer.Ok(new
        {
            heads = slice.Rows.Select(h => new { h.Seq, h.Hash, at = Clock.Seconds(h.At), key = h.KeyId, h.Signature }),
            next = slice.More && slice.Rows.Count > 0 ? call.NextLink($"{slice.Rows[^1].Seq}") : null,
        });
    });
}
