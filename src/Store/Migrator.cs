using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Xiangyun.Kernel;

namespace Xiangyun.Store;

/// <summary>
/// Applies the one linear SQL history (schema/NNNN-name/up.sql) that runs unchanged on both databases;
/// up.pg.sql stands in for it where they differ. A step that was applied must never be edited: that is refused.
/// </summary>
public sealed class Migrator(Database database, TimeProvider clock)
{
    public async Task<int> Run(CancellationToken ct = default) => await database.Write(Actor.System, async tx =>
    {
        await tx.Lock("migrate");
        await tx.Run("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        var applied = await Applied(tx);
        var count = 0;
        foreach (var (name, sql) in Steps(database.IsPostgres))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var known))
            {
                if (known != hash) throw new InvalidOperationException($"schema step {name} was changed after it had been applied; add a new step instead");
                continue;
            }
            await tx.Run(sql);
            await tx.Run("INSERT INTO migration (name, sha256, applied_at) VALUES (@n, @h, @t)", ("@n", name), ("@h", hash), ("@t", clock.Ms()));
            count++;
        }
        return count;
    }, ct);

    private static async Task<Dictionary<string, string>> Applied(Tx tx)
    {
        await using var command = tx.Command("SELECT name, sha256 FROM migration");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0), reader.GetString(1));
        return rows;
    }

    /// <summary>Every step with the text for one database, in order.</summary>
    public static IEnumerable<(string Name, string Sql)> Steps(bool postgres)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames().Where(n => n.StartsWith("schema/", StringComparison.Ordinal)).ToHashSet();
        foreach (var step in files.Select(f => f.Split('/')[1]).Distinct().Order(StringComparer.Ordinal))
        {
            var own = $"schema/{step}/up.pg.sql";
            using var reader = new StreamReader(assembly.GetManifestResourceStream(postgres && files.Contains(own) ? own : $"schema/{step}/up.sql")!);
            yield return (step, reader.ReadToEnd());
        }
    }
}
