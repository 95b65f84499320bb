using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Audit.Keys;

/// <summary>A key that this server can sign with.</summary>
internal sealed record SigningKey(long Number, string Id, byte[] Secret)
{
    public string Sign(byte[] statement) => Hex.Of(Sm2.Sign(Secret, statement));
}

/// <summary>
/// The SM2 keys: the first is made at first start, a new one each year or when an administrator asks. Each says who it is and
/// is signed by itself and by the one before it, so that whoever trusts one of them can check all.
/// </summary>
internal sealed class KeyRing(Database database, Vault vault, TimeProvider clock, ILogger<KeyRing> log)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);
    private SigningKey? _current;
    private bool _told;

    public static CloudError CannotSign() => CloudError.Unavailable("This server cannot sign: the file tls/audit.secret in its state directory is not the one of this database. Copy it from the server that was started first.");

    public static Task<List<KeyRow>> All(Query q) => q.Db<EvidenceDb>().Keys.OrderBy(k => k.Number).ToListAsync();

    /// <summary>Makes the first key, or the next one when the last is a year old.</summary>
    public async Task Ready(CancellationToken ct)
    {
        var last = await database.Read(Last, ct);
        if (last is null) await Add(Actor.System, null, ct);
        else if (clock.Ms() - last.At >= Life.TotalMilliseconds && Open(last) is not null) await Add(Actor.System, last.Number, ct);
    }

    /// <returns>null when this server's secret is another one.</returns>
    public async Task<SigningKey?> Current(CancellationToken ct)
    {
        var last = await database.Read(Last, ct);
        if (last is null) return null;
        if (_current?.Id == last.Id) return _current;
        _current = Open(last);
        if (_current is null && !_told) log.CannotSign(vault.File);
        _told = _current is null;
        return _current;
    }

    public async Task<KeyRow> Rotate(Actor actor, CancellationToken ct)
    {
        var last = await database.Read(Last, ct);
        if (last is not null && Open(last) is null) throw CannotSign();
        return await Add(actor, last?.Number, ct);
    }

    private static Task<KeyRow?> Last(Query q) => q.Db<EvidenceDb>().Keys.OrderByDescending(k => k.Number).FirstOrDefaultAsync();

    private SigningKey? Open(KeyRow row) => vault.Open(row.Sealed, row.Id) is { } secret ? new SigningKey(row.Number, row.Id, secret) : null;

    /// <param name="after">The last key as it was seen; when another server was quicker, its key is the answer.</param>
    private async Task<KeyRow> Add(Actor actor, long? after, CancellationToken ct)
    {
        var (secret, point) = Sm2.NewKey();
        var (mine, row) = await database.Write(actor, async tx =>
        {
            await tx.Lock("audit.keys");
            var last = await Last(tx);
            var made = Next(secret, point, last, tx.Now);
            var quicker = last?.Number != after;
            tx.Audit("audit.rotate_key", "audit_key", quicker ? last!.Id : made.Id, null, new { number = quicker ? last!.Number : made.Number, already = quicker });
            if (quicker) return (false, last!);
            tx.Db<EvidenceDb>().Add(made);
            return (true, made);
        }, ct);
        if (mine) log.NewKey(row.Number, row.Id);
        return row;
    }

    private KeyRow Next(byte[] secret, byte[] point, KeyRow? last, long at)
    {
        var (id, number) = (Sm2.Name(point), (last?.Number ?? 0) + 1);
        var statement = Statement.OfKey(number, Hex.Of(point), id, last?.Id, at);
        return new KeyRow
        {
            Number = number, Id = id, Public = Hex.Of(point), Sealed = vault.Seal(secret, id), Before = last?.Id, At = at,
            Signature = Hex.Of(Sm2.Sign(secret, statement)), SignatureBefore = last is null ? null : Open(last)?.Sign(statement) ?? throw CannotSign(),
        };
    }
}
