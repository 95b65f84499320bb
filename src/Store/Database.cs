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
    private readonly AsyncLocal<Joint?> _around = new();

    private Joint? Around => _around.Value is { Ended: false } joint ? joint : null;

    public bool IsPostgres => _engine.IsPostgres;

    public AuditLevel AuditLevel => audit;

    public async Task<T> Read<T>(Func<Query, Task<T>> read, CancellationToken ct = default)
    {
        if (Around is { } joint)
        {
            await using var within = new Query(_engine, joint.Connection, joint.Transaction, joint.Now, tree) { Shared = true };
            return await read(within);
        }
        await using var query = new Query(_engine, await _engine.Open(ct), null, clock.Ms(), tree);
        return await read(query);
    }

    /// <summary>Runs <paramref name="write"/> in one transaction. It may run again when PostgreSQL reports a race, so it must not touch anything else.</summary>
    public Task<T> Write<T>(Actor actor, Func<Tx, Task<T>> write, CancellationToken ct = default) =>
        Around is { } joint ? Within(joint, actor, write) : Tried(() => WriteOnce(actor, write, ct), ct);

    /// <summary>
    /// Whatever <paramref name="act"/> reads and writes in this database, by whatever means, is one transaction that commits
    /// if it says so. Like <see cref="Write{T}"/> it may run again, must not touch anything else, and must not run side by side with itself.
    /// </summary>
    public Task<T> Together<T>(Func<Joint, Task<T>> act, CancellationToken ct = default) =>
        Around is null ? Tried(() => TogetherOnce(act, ct), ct) : throw new InvalidOperationException("a joint transaction within another");

    /// <summary>Runs at once, or after the joint transaction around this has ended.</summary>
    public void Afterwards(Action act)
    {
        if (Around is { } joint) joint.Afterwards.Add(act);
        else act();
    }

    private async Task<T> Tried<T>(Func<Task<T>> once, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await once();
            }
            catch (Exception e) when (Cause(e) is { } cause && _engine.IsRace(cause) && attempt < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt), ct);
            }
            catch (Exception e) when (Cause(e) is { } cause && _engine.IsDuplicate(cause))
            {
                throw Twice(e);
            }
        }
    }

    public Task Write(Actor actor, Func<Tx, Task> write, CancellationToken ct = default) =>
        Write(actor, async tx => { await write(tx); return true; }, ct);

    private static CloudError Twice(Exception e) => new(ErrorKind.Conflict, "An object with the same identity already exists; another request made it at the same time.", e);

    private async Task<T> Within<T>(Joint joint, Actor actor, Func<Tx, Task<T>> write)
    {
        const string step = "joint_step";
        await joint.Transaction.SaveAsync(step);
        try
        {
            await using var tx = new Tx(_engine, joint.Connection, joint.Transaction, actor, joint.Now, tree) { Shared = true, LeastKept = joint.LeastKept };
            var result = await write(tx);
            joint.Tell(await tx.Finish(_routes, audit));
            joint.Woke |= tx.Woke;
            await joint.Transaction.ReleaseAsync(step);
            return result;
        }
        catch (Exception e)
        {
            await joint.Transaction.RollbackAsync(step);
            if (Cause(e) is { } cause && _engine.IsDuplicate(cause)) throw Twice(e);
            throw;
        }
    }

    private async Task<T> TogetherOnce<T>(Func<Joint, Task<T>> act, CancellationToken ct)
    {
        if (_engine.WriteGate is { } gate) await gate.WaitAsync(ct);
        Joint? joint = null;
        try
        {
            await using var connection = await _engine.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            _around.Value = joint = new Joint(_engine, connection, transaction, clock.Ms(), tree);
            var result = await act(joint);
            joint.Ended = true;
            if (joint.Keep) await transaction.CommitAsync(CancellationToken.None);
            else await transaction.RollbackAsync(CancellationToken.None);
            if (joint is { Keep: true, Woke: true }) signal.Poke();
            return result;
        }
        finally
        {
            if (joint is not null) joint.Ended = true;
            _around.Value = null;
            _engine.WriteGate?.Release();
            foreach (var then in joint?.Afterwards ?? []) then();
        }
    }

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
