using System.Data.Common;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Store;

/// <summary>
/// One transaction around several reads and writes that do not know of each other: what a handler does can be looked at
/// before anybody decides whether it is to happen, or can commit together with something else. <see cref="Keep"/> is the
/// decision; without it nothing happened.
/// </summary>
public sealed class Joint
{
    private readonly List<AuditRow> _told = [];

    internal Joint(Engine engine, DbConnection connection, DbTransaction transaction, long now, QuotaTree tree) => (Engine, Connection, Transaction, Now, Tree) = (engine, connection, transaction, now, tree);

    /// <summary>Commit at the end.</summary>
    public bool Keep { get; set; }

    /// <summary>Seconds for which what is deleted within stays in the recycle bin at least, whatever the organisation's rule says.</summary>
    public long LeastKept { get; set; }

    /// <summary>What the writes within told the audit log so far, with what became of the objects.</summary>
    public IReadOnlyList<AuditRow> Told => _told;

    /// <summary>Reads what is committed, as everybody else sees it while this is under way.</summary>
    public async Task<T> Apart<T>(Func<Query, Task<T>> read)
    {
        var aside = await Engine.OpenAside();
        try
        {
            await using var query = new Query(Engine, aside, null, Now, Tree) { Shared = true };
            return await read(query);
        }
        finally
        {
            await Engine.CloseAside(aside);
        }
    }

    private QuotaTree Tree { get; }
    internal Engine Engine { get; }
    internal DbConnection Connection { get; }
    internal DbTransaction Transaction { get; }
    internal long Now { get; }
    internal bool Woke { get; set; }
    /// <summary>Whatever still runs after the end stands on its own.</summary>
    internal bool Ended { get; set; }
    internal List<Action> Afterwards { get; } = [];

    internal void Tell(IEnumerable<AuditRow> rows) => _told.AddRange(rows);
}
