using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;
using Xiangyun.Store.Work;

namespace Xiangyun.Store;

/// <summary>The only door to stored state: <see cref="Read{T}"/> and <see cref="Write{T}"/>.</summary>
public sealed class Database(string url, TimeProvider clock, IEnumerable<ChangeRoute> routes, WorkSignal signal, QuotaTree tree, AuditLevel audit = AuditLevel.Chained)
{
    private const int MostTries = 5;
    private readonly Engine _engine = Engine.From(url);
    private readonly ChangeRoute[] _routes = [.. routes];

    public bool IsPostgres => _engine.IsPostgres;

    public AuditLevel AuditLevel => audit;

    public async Task<T> Read<T>(Func<Query, Task<T>> read, CancellationToken ct = default)
    {
        await using var query = new Query(_engine, await _engine.Open(ct), null, clock.Ms(), tree);
        return await read(query);
    }

    /// <summary>Runs <paramref name="write"/> in one transaction. It may run again when PostgreSQL reports a race, so it must not touch anything else.</summary>
    public async Task<T> Write<T>(Actor actor, Func<Tx, Task<T>> write, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(actor, write, ct);
            }
            catch (Exception e) when (Cause(e) is { } cause && _engine.IsRace(cause) && attempt < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt), ct);
            }
            catch (Exception e) when (Cause(e) is { } cause && _engine.IsDuplicate(cause))
            {
                throw new CloudError(ErrorKind.Conflict, "An object with the same identity already exists; another request made it at the same time.", e);
            }
        }
    }

    public Task Write(Actor actor, Func<Tx, Task> write, CancellationToken ct = default) =>
        Write(actor, async tx => { await write(tx); return true; }, ct);

    private async Task<T> WriteOnce<T>(Actor actor, Func<Tx, Task<T>> write, CancellationToken ct)
    {
        if (_engine.WriteGate is { } gate) await gate.WaitAsync(ct);
        try
        {
            var connection = await _engine.Open(ct);
            await using var tx = new Tx(_engine, connection, await connection.BeginTransactionAsync(ct), actor, clock.Ms(), tree);
            var result = await write(tx);
            await tx.Finish(_routes, audit);
            await tx.Transaction!.CommitAsync(CancellationToken.None);
            if (tx.Woke) signal.Poke();
            return result;
        }
        finally
        {
            _engine.WriteGate?.Release();
        }
    }

    private static DbException? Cause(Exception e) => e as DbException ?? e.InnerException as DbException;
}
