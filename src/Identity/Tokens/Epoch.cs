using System.Security.Cryptography;
using Xiangyun.Store;
using Xiangyun.Store.Settings;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// A number that changes with every change of users, projects, roles, assignments and revocations, so that what is
/// remembered about tokens is dropped at once. On SQLite there is one server: memory holds the truth. Servers that share
/// PostgreSQL look at one row for each request; a shorter way (NOTIFY, or looking every second) would let a revoked token
/// live on for a moment. Requests that arrive together share a look that began after they arrived, so it stays cheap.
/// </summary>
internal sealed class Epoch(Database database)
{
    private const string Name = "identity.epoch";
    private readonly Lock _gate = new();
    private Task<long> _running = Task.FromResult(0L);
    private Task<long>? _next;
    private long _own;

    public ValueTask<long> Now() => database.IsPostgres ? new ValueTask<long>(Shared()) : ValueTask.FromResult(Volatile.Read(ref _own));

    /// <summary>Inside the writing transaction: on PostgreSQL the new number commits with the change. It is drawn, not counted: two
    /// writers that read the same number would else both write its successor, and the second change would go unnoticed.</summary>
    public async Task Rise(Tx tx)
    {
        if (database.IsPostgres) await Settings.Set(tx, Name, $"{BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8))}");
    }

    /// <summary>After the commit.</summary>
    public void Risen() => Interlocked.Increment(ref _own);

    private Task<long> Shared()
    {
        lock (_gate) return _next ??= After(_running);
    }

    private async Task<long> After(Task<long> before)
    {
        await Task.WhenAny(before).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }
        return await database.Read(q => Settings.Get(q, Name)) is { } text ? long.Parse(text) : 0;
    }
}
