using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Recycling;

/// <summary>For how long what is deleted is kept: as the node of the tree says, else the nearest above; where none says anything, not at all.</summary>
public static class RecycleRules
{
    public const string Work = "recycle-bin";
    public const long Longest = 366L * 24 * 3600;

    public static IQueryable<RecycleRow> Rows(Query q) => q.Db<RecycleDb>().Rules;

    public static void Add(Tx tx, RecycleRow row) => tx.Db<RecycleDb>().Add(row);

    /// <summary>Until when something that is deleted now is kept; null = it goes at once. The purge is set up with it.</summary>
    public static async Task<long?> Keep(Tx tx, string kind, string id, string projectId)
    {
        var rules = await tx.Db<RecycleDb>().Rules.Where(r => r.Kind == kind).ToDictionaryAsync(r => r.NodeId, r => r.Seconds);
        if (rules.Count == 0 && tx.LeastKept == 0) return null;
        var node = (await tx.Tree.PathOf(tx, projectId)).FirstOrDefault(rules.ContainsKey);
        var seconds = Math.Max(tx.LeastKept, node is null ? 0 : rules[node]);
        if (seconds == 0) return null;
        tx.Wake(Work, $"{kind}:{id}", TimeSpan.FromSeconds(seconds));
        return tx.Now + seconds * 1000;
    }
}
