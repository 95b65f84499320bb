using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;

namespace Xiangyun.Approvals.Keeping;

/// <summary>Deletes for good what has been in the recycle bin for its time.</summary>
internal sealed class Purger(Database database, IEnumerable<IRecycled> all, TimeProvider clock) : IReconciler
{
    private readonly Dictionary<string, IRecycled> _kinds = all.ToDictionary(r => r.Kind);

    public string Kind => RecycleRules.Work;

    public async Task<IReadOnlyList<string>> Keys(Query q)
    {
        var (now, keys) = (clock.Ms(), new List<string>());
        foreach (var (kind, bin) in _kinds) keys.AddRange(await bin.Rows(q).Where(r => r.Until <= now).Select(r => kind + ":" + r.Id).ToListAsync());
        return keys;
    }

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (bin, key) = (_kinds[id[..id.IndexOf(':')]], id[(id.IndexOf(':') + 1)..]);
        await database.Write(Actor.System, async tx =>
        {
            if (await bin.Rows(tx).SingleOrDefaultAsync(r => r.Id == key && r.Until <= tx.Now) is { } due) await bin.Purge(tx, due);
        }, ct);
        return Next.Done;
    }
}
