using System.Data.Common;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Store;

/// <summary>
/// One transaction of one caller: rows (added through <see cref="Query.Db{T}"/>, or changed by ExecuteUpdate and
/// ExecuteDelete), the work they cause, and the audit row that tells of them commit together or not at all.
/// Never call an engine or the network inside one.
/// </summary>
public sealed class Tx : Query
{
    private readonly List<(string Kind, string Id, long DueAt)> _wakes = [];
    private readonly List<(string Kind, string Id)> _changes = [];
    private readonly List<AuditRow> _audits = [];

    internal Tx(Engine engine, DbConnection connection, DbTransaction transaction, Actor actor, long now, QuotaTree tree)
        : base(engine, connection, transaction, now, tree) => Actor = actor;

    public Actor Actor { get; }

    internal long LeastKept { get; init; }
    internal bool Woke => _wakes.Count > 0;
    internal IReadOnlyList<(string Kind, string Id)> Changes => _changes;

    /// <summary>Lets the reconciler of <paramref name="kind"/> look at <paramref name="id"/> once this has committed.</summary>
    public void Wake(string kind, string id, TimeSpan delay = default) => _wakes.Add((kind, id, Now + (long)delay.TotalMilliseconds));

    /// <summary>News upward: observed state of this object changed. Whoever registered a <see cref="ChangeRoute"/> is woken.</summary>
    public void Changed(string kind, string id) => _changes.Add((kind, id));

    /// <summary>
    /// Tells what was done. <paramref name="detail"/> is kept as JSON, secrets masked by name (<see cref="Secrets"/>). What the object
    /// looked like before and after is added by itself for the kinds of schema/portraits.txt.
    /// </summary>
    public void Audit(string verb, string kind, string resourceId, string? resourceProjectId = null, object? detail = null, string result = AuditRow.Done) =>
        _audits.Add(AuditRow.Of(Actor, Now, verb, kind, resourceId, resourceProjectId, result, Secrets.Masked(detail)));

    internal void Audit(AuditRow row) => _audits.Add(row);

    /// <summary>Serialises writers that count the same thing. SQLite has one writer anyway; PostgreSQL takes an advisory lock until commit.</summary>
    public async Task Lock(string key)
    {
        if (Engine.IsPostgres) await Run("SELECT pg_advisory_xact_lock(hashtextextended(@key, 0))", ("@key", key));
    }

    /// <summary>Many may hold this at once, but none while another has <see cref="Lock"/> on the same key.</summary>
    public async Task LockShared(string key)
    {
        if (Engine.IsPostgres) await Run("SELECT pg_advisory_xact_lock_shared(hashtextextended(@key, 0))", ("@key", key));
    }

    /// <summary>Sends added rows to the database now, so that later queries of this transaction see them.</summary>
    public async Task Save()
    {
        foreach (var context in Contexts.ToList())
        {
            await context.SaveChangesAsync();
            context.ChangeTracker.Clear();
        }
    }

    internal async Task<IReadOnlyList<AuditRow>> Finish(IEnumerable<ChangeRoute> routes, AuditLevel level)
    {
        await Save();
        foreach (var (kind, id) in _changes.Distinct().ToList())
            foreach (var route in routes.Where(r => r.On == kind))
                foreach (var target in await route.Ids(this, id)) Wake(route.Wakes, target);
        if (_audits.Count == 0 && Actor != Actor.System)
            throw new InvalidOperationException($"a transaction of {Actor.UserName} wrote without an audit row");
        var told = level == AuditLevel.None ? [] : await Portrayed(level);
        foreach (var audit in told) await audit.Insert(this);
        foreach (var wake in _wakes.GroupBy(w => (w.Kind, w.Id))) await Work.WorkTable.Wake(this, wake.Key.Kind, wake.Key.Id, wake.Min(w => w.DueAt));
        return told;
    }

    /// <summary>Nothing can have been there before: the object itself was made (not a part of it), under an id that is younger than this transaction. One of both is not enough, because some ids are the caller's choice.</summary>
    private bool MadeHere((string Kind, string Id) of) => of.Id is { Length: 36 } id && id[14] == '7' && string.CompareOrdinal(id, Kernel.Id.FirstAt(Now)) >= 0
        && _audits.Any(a => a.Kind == of.Kind && a.ResourceId == id && a.Verb == of.Kind + ".create");

    private async Task<List<AuditRow>> Portrayed(AuditLevel level)
    {
        if (level == AuditLevel.Plain || Portraits.Wanted(_audits.Where(a => a.Result == AuditRow.Done)) is not { Count: > 0 } wanted) return _audits;
        var before = wanted.ToDictionary(w => w, _ => new Portrait());
        var old = wanted.Where(w => !MadeHere(w)).ToList();
        if (old.Count > 0)
        {
            var aside = await Engine.OpenAside();
            try
            {
                foreach (var (key, portrait) in await Portraits.Read(new Query(Engine, aside, null, Now, Tree), old)) before[key] = portrait;
            }
            finally
            {
                await Engine.CloseAside(aside);
            }
        }
        var after = await Portraits.Read(this, wanted);
        return [.. _audits.Select(a => before.TryGetValue((a.Kind, a.ResourceId), out var was) && Portraits.Difference(a.Kind, was, after[(a.Kind, a.ResourceId)]) is var (old, now) ? a with { Was = old, Became = now } : a)];
    }
}
