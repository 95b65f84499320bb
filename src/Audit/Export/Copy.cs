using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Records;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Export;

/// <summary>
/// Writes a copy that can be checked without us: keys, records in the order of the chain with the signed heads between
/// them, and a last line that signs every byte before it. What the reader may not see stands there as its digest.
/// </summary>
internal sealed class Copy(Database database, TimeProvider clock)
{
    private const int PageSize = 500;

    public async Task Write(Stream to, Range range, Sight sight, string by, SigningKey key, CancellationToken ct)
    {
        var file = new SignedFile(to, ct);
        await file.Line(Canonical.Object(("format", Verifier.Format), ("at", Clock.Seconds(clock.Ms())), ("by", by), ("sight", sight.Name), ("after", range.After), ("upto", range.Upto), ("ends", range.Early ? Verifier.EndsOnRequest : "at the newest record")));
        foreach (var known in await database.Read(KeyRing.All, ct)) await file.Line(known.Line());
        if (range.Anchor is not null) await file.Line(range.Anchor);
        var sees = sight.Test();
        for (var at = range.After; at < range.Upto;)
        {
            var (rows, heads) = await database.Read(q => Page(q, at, range.Upto), ct);
            if (rows.Count == 0) throw new InvalidOperationException($"the audit log ends at {at}, but {range.Upto} was signed");
            foreach (var row in rows)
            {
                var bytes = RecordBytes.Of(row);
                await file.Line(sees(row) ? RecordLine.Whole(bytes, row.Hash!) : RecordLine.Hidden(row.Seq!.Value, Hex.Of(Sm3.Of(bytes)), row.Hash!));
                if (heads.TryGetValue(row.Seq!.Value, out var head)) await file.Line(head.Line());
            }
            at = rows[^1].Seq!.Value;
        }
        var end = Statement.OfEnd(file.Digest, file.Lines, clock.Ms(), key.Id);
        await file.Line(Statement.Line(end, key.Sign(end)));
    }

    private static async Task<(List<AuditRow>, Dictionary<long, HeadRow>)> Page(Query q, long after, long upto)
    {
        var rows = await q.Db<AuditDb>().Audit.Where(a => a.Seq > after && a.Seq <= upto).OrderBy(a => a.Seq).Take(PageSize).ToListAsync();
        var last = rows.Count == 0 ? after : rows[^1].Seq;
        var heads = await q.Db<EvidenceDb>().Heads.Where(h => h.Seq > after && h.Seq <= last).ToListAsync();
        return (rows, heads.ToDictionary(h => h.Seq));
    }
}

/// <summary>Lines on their way out, with the hash of all bytes so far.</summary>
internal sealed class SignedFile(Stream to, CancellationToken ct)
{
    private readonly Sm3 _all = new();

    public long Lines { get; private set; }
    public string Digest => Hex.Of(_all.Peek());

    public async Task Line(byte[] line)
    {
        byte[] whole = [.. line, (byte)'\n'];
        _all.Add(whole);
        Lines++;
        await to.WriteAsync(whole, ct);
    }
}
