using Xiangyun.Kernel;

namespace Xiangyun.Store.Work;

/// <summary>One key that a worker holds until <c>lease_until</c>; <paramref name="Seq"/> tells whether it was woken again meanwhile.</summary>
public sealed record WorkItem(string Kind, string Id, long Seq, int Attempts);

/// <summary>The table that is outbox, queue, retry, back-off and dedupe at once: one row for each key that wants attention.</summary>
public sealed class WorkTable(Database database, TimeProvider clock)
{
    private readonly string _owner = Id.New();

    internal static Task<int> Wake(Tx tx, string kind, string id, long dueAt) => tx.Run(
        """
        INSERT INTO work (kind, id, due_at) VALUES (@kind, @id, @due)
        ON CONFLICT (kind, id) DO UPDATE SET seq = work.seq + 1, attempts = 0,
          due_at = CASE WHEN work.due_at < excluded.due_at THEN work.due_at ELSE excluded.due_at END
        """, ("@kind", kind), ("@id", id), ("@due", dueAt));

    /// <summary>Takes up to <paramref name="most"/> due keys for <paramref name="lease"/>.</summary>
    public async Task<IReadOnlyList<WorkItem>> Claim(int most, TimeSpan lease, CancellationToken ct)
    {
        var now = clock.Ms();
        if (!database.IsPostgres && !await AnyDue(now, ct)) return [];
        return await database.Write(Actor.System, async tx =>
        {
            await using var command = tx.Command(
                $"""
                UPDATE work SET lease_owner = @owner, lease_until = @until, attempts = attempts + 1
                WHERE (kind, id) IN (SELECT kind, id FROM work WHERE due_at <= @now AND lease_until <= @now ORDER BY due_at LIMIT {most}
                  {(database.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "")})
                RETURNING kind, id, seq, attempts
                """, ("@owner", _owner), ("@until", now + (long)lease.TotalMilliseconds), ("@now", now));
            await using var reader = await command.ExecuteReaderAsync(ct);
            var items = new List<WorkItem>();
            while (await reader.ReadAsync(ct)) items.Add(new WorkItem(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3)));
            return items;
        }, ct);
    }

    /// <summary>Done: forget the key, unless it was woken while it was held. With <paramref name="again"/> it comes back then.</summary>
    public Task Done(WorkItem item, TimeSpan? again) => database.Write(Actor.System, async tx =>
    {
        var due = tx.Now + (long)(again ?? TimeSpan.Zero).TotalMilliseconds;
        var settled = again is null
            ? await tx.Run("DELETE FROM work WHERE kind = @kind AND id = @id AND seq = @seq", Key(item))
            : await tx.Run("UPDATE work SET lease_until = 0, attempts = 0, last_error = NULL, due_at = @due WHERE kind = @kind AND id = @id AND seq = @seq", [.. Key(item), ("@due", due)]);
        if (settled == 0) await Release(tx, item);
    });

    /// <summary>Failed: keep the reason and try again after <paramref name="after"/>, or at once when it was woken meanwhile.</summary>
    public Task Failed(WorkItem item, string error, TimeSpan after) => database.Write(Actor.System, async tx =>
    {
        var kept = await tx.Run("UPDATE work SET lease_until = 0, last_error = @error, due_at = @due WHERE kind = @kind AND id = @id AND seq = @seq",
            [.. Key(item), ("@error", error), ("@due", tx.Now + (long)after.TotalMilliseconds)]);
        if (kept == 0) await Release(tx, item);
    });

    /// <summary>Whoever holds them lives and is still at work: they stay its own for another <paramref name="lease"/>.</summary>
    public Task Renew(IReadOnlyCollection<WorkItem> items, TimeSpan lease) => database.Write(Actor.System, async tx =>
    {
        var until = tx.Now + (long)lease.TotalMilliseconds;
        foreach (var item in items)
            await tx.Run("UPDATE work SET lease_until = @until WHERE kind = @kind AND id = @id AND lease_owner = @owner AND lease_until > 0", ("@until", until), ("@kind", item.Kind), ("@id", item.Id), ("@owner", _owner));
    });

    /// <summary>Not finished and not failed: whoever comes next may take it at once.</summary>
    public Task GiveBack(WorkItem item) => database.Write(Actor.System, tx => Release(tx, item));

    private static Task<int> Release(Tx tx, WorkItem item) =>
        tx.Run("UPDATE work SET lease_until = 0 WHERE kind = @kind AND id = @id", ("@kind", item.Kind), ("@id", item.Id));

    private static (string, object?)[] Key(WorkItem item) => [("@kind", item.Kind), ("@id", item.Id), ("@seq", item.Seq)];

    private Task<bool> AnyDue(long now, CancellationToken ct) => database.Read(async q =>
    {
        await using var command = q.Command("SELECT 1 FROM work WHERE due_at <= @now AND lease_until <= @now LIMIT 1", ("@now", now));
        return await command.ExecuteScalarAsync(ct) is not null;
    }, ct);

    /// <summary>How many keys wait, and how many of them have failed at least once: for health and metrics.</summary>
    public Task<(long Waiting, long Failing)> Depth(CancellationToken ct) => database.Read(async q =>
    {
        await using var command = q.Command("SELECT COUNT(*), COALESCE(SUM(CASE WHEN last_error IS NULL THEN 0 ELSE 1 END), 0) FROM work");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }, ct);
}
