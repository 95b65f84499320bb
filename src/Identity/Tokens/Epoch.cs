using Xiangyun.Store;
using Xiangyun.Store.Settings;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// Rises with every change of users, projects, roles, assignments and revocations, so that what is cached about tokens
/// is dropped at once. On SQLite one process holds the truth in memory; servers that share PostgreSQL read the row for
/// each request, one lookup by primary key.
/// </summary>
internal sealed class Epoch(Database database)
{
    private const string Name = "identity.epoch";
    private long _own;

    public async ValueTask<long> Now()
    {
        if (!database.IsPostgres) return Volatile.Read(ref _own);
        return await database.Read(q => Settings.Get(q, Name)) is { } text ? long.Parse(text) : 0;
    }

    /// <summary>Inside the writing transaction: on PostgreSQL the new epoch commits with the change.</summary>
    public async Task Rise(Tx tx)
    {
        if (database.IsPostgres) await Settings.Set(tx, Name, (long.Parse(await Settings.Get(tx, Name) ?? "0") + 1).ToString());
    }

    /// <summary>After the commit.</summary>
    public void Risen() => Interlocked.Increment(ref _own);
}
