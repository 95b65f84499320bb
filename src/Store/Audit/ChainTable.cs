using System.Text;

namespace Xiangyun.Store.Audit;

/// <summary>Where a row stands in the chain, and of which organisation its object is.</summary>
public sealed record Link(string Id, long Seq, string Hash, string? ResourceDomainId);

/// <summary>
/// The chain as it lies in the audit table. A business transaction writes its row without a place, so that nobody waits for
/// anybody; the chainer gives places afterwards, and the database takes each place once.
/// </summary>
public static class ChainTable
{
    public const string Lock = "audit.chain";
    private const int PerStatement = 100;

    /// <summary>The version of the canonical bytes that is written now.</summary>
    public const long Form = 1;

    /// <summary>Number and hash of the last record: chained, or removed when its time was over; (0, null) when there was none.</summary>
    public static async Task<(long Seq, string? Hash)> Tip(Query q)
    {
        foreach (var table in new[] { "audit", "audit_stub" })
        {
            await using var command = q.Command($"SELECT seq, hash FROM {table} WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1");
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync()) return (reader.GetInt64(0), reader.GetString(1));
        }
        return (0, null);
    }

    public static async Task<bool> AnyWaiting(Query q)
    {
        await using var command = q.Command("SELECT 1 FROM audit WHERE seq IS NULL LIMIT 1");
        return await command.ExecuteScalarAsync() is not null;
    }

    /// <returns>false when another server was quicker: nothing must be kept.</returns>
    public static async Task<bool> Append(Tx tx, long after, IReadOnlyList<Link> links)
    {
        await tx.Lock(Lock);
        if ((await Tip(tx)).Seq != after) return false;
        foreach (var chunk in links.Chunk(PerStatement))
        {
            var sql = new StringBuilder("WITH link (id, seq, hash, domain) AS (VALUES ");
            var values = new List<(string, object?)>(chunk.Length * 4 + 1);
            for (var i = 0; i < chunk.Length; i++)
            {
                sql.Append(i == 0 ? "" : ", ").Append($"(@i{i}, CAST(@s{i} AS BIGINT), @h{i}, CAST(@d{i} AS TEXT))");
                values.AddRange([($"@i{i}", chunk[i].Id), ($"@s{i}", chunk[i].Seq), ($"@h{i}", chunk[i].Hash), ($"@d{i}", chunk[i].ResourceDomainId)]);
            }
            sql.Append(") UPDATE audit SET seq = link.seq, hash = link.hash, resource_domain_id = link.domain, form = @form FROM link WHERE audit.id = link.id AND audit.seq IS NULL");
            values.Add(("@form", Form));
            if (await tx.Run(sql.ToString(), [.. values]) != chunk.Length) throw new InvalidOperationException("an audit row got a place while it was given one");
        }
        return true;
    }

    /// <summary>Removes rows up to a stub that this transaction has written, oldest first.</summary>
    /// <returns>How many went.</returns>
    public static Task<int> Remove(Tx tx, long upTo, int most) => tx.Run(
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE seq <= @upTo ORDER BY seq LIMIT @most)", ("@upTo", upTo), ("@most", most));
}
