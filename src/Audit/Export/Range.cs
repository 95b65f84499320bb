using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Records;
using Xiangyun.Audit.Retention;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Export;

/// <summary>
/// Which records a copy holds. It begins after a signed statement (or at the very first record) and ends at a signed head, so
/// it may hold a few more than were asked for, never fewer.
/// </summary>
/// <param name="Anchor">The line that says what came before; null at the very beginning.</param>
/// <param name="Early">It ends before the newest record because the reader wants that.</param>
internal sealed record Range(long After, long Upto, byte[]? Anchor, bool Early)
{
    public static async Task<Range> Of(Call call, Query q)
    {
        var heads = q.Db<EvidenceDb>().Heads;
        var stub = await Pruner.Last(q);
        var beginning = stub?.Seq ?? 0;
        HeadRow? before = null;
        if (call.QueryOr("from_seq") is { } fromText)
        {
            var from = Filter.Whole("from_seq", fromText);
            before = await heads.Where(h => h.Seq < from && h.Seq > beginning).OrderByDescending(h => h.Seq).FirstOrDefaultAsync();
        }
        else if (Filter.Time(call, "from") is { } since)
            before = await heads.Where(h => h.At < since && h.Seq > beginning).OrderByDescending(h => h.Seq).FirstOrDefaultAsync();
        var ends = heads.OrderBy(h => h.Seq).AsQueryable();
        long? upto = null;
        if (call.QueryOr("to_seq") is { } toText)
        {
            var to = Filter.Whole("to_seq", toText);
            upto = await ends.Where(h => h.Seq >= to).Select(h => (long?)h.Seq).FirstOrDefaultAsync();
        }
        else if (Filter.Time(call, "to") is { } until)
            upto = await ends.Where(h => h.At >= until).Select(h => (long?)h.Seq).FirstOrDefaultAsync();
        var after = before?.Seq ?? beginning;
        var newest = await heads.MaxAsync(h => (long?)h.Seq) ?? 0;
        return new Range(after, Math.Max(after, upto ?? newest), before?.Line() ?? stub?.Line(), upto < newest);
    }
}
