using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Quotas;

/// <summary>
/// Limits that were set for a project, with what it borrowed and lent; a resource without a row has the module's default.
/// The same rows divide quota among organisations (<see cref="QuotaTree"/>).
/// </summary>
public static class Quotas
{
    /// <summary>The node above all domains: what the whole cloud may hand out.</summary>
    public const string Cloud = "cloud";

    public static async Task<long> Limit(Query q, string projectId, string resource, long fallback)
    {
        var value = await q.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId && r.Resource == resource).Select(r => (long?)r.Value).SingleOrDefaultAsync();
        if (value is not >= 0) return value ?? fallback;
        var (borrowed, lent) = await Loans.Of(q, projectId, resource);
        return value.Value + borrowed - lent;
    }

    public static async Task<IReadOnlyDictionary<string, long>> Of(Query q, string projectId, string service)
    {
        var rows = await q.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId && r.Resource.StartsWith(service + ".")).ToListAsync();
        var loans = rows.Count == 0 ? [] : await Loans.Balances(q, projectId);
        return rows.ToDictionary(r => r.Resource[(service.Length + 1)..], r => r.Value < 0 || !loans.TryGetValue(r.Resource, out var loan) ? r.Value : r.Value + loan.Borrowed - loan.Lent);
    }

    /// <summary>The grants of a node as they were given, without loans.</summary>
    public static Task<Dictionary<string, long>> Grants(Query q, string id) =>
        q.Db<QuotaDb>().Quota.Where(r => r.ProjectId == id && r.Value >= 0).ToDictionaryAsync(r => r.Resource, r => r.Value);

    /// <summary>Projects that have at least one limit of their own for this service.</summary>
    public static Task<List<string>> Projects(Query q, string service) =>
        q.Db<QuotaDb>().Quota.Where(r => r.Resource.StartsWith(service + ".")).Select(r => r.ProjectId).Distinct().OrderBy(p => p).ToListAsync();

    public static async Task Set(Tx tx, string projectId, string resource, long value)
    {
        await tx.Tree.MustFit(tx, projectId, resource, value);
        await tx.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId && r.Resource == resource).ExecuteDeleteAsync();
        tx.Db<QuotaDb>().Add(new QuotaRow { ProjectId = projectId, Resource = resource, Value = value });
        await tx.Save(); // the next one's check counts it
    }

    /// <summary>Back to the module's default; the resource may end in <c>.*</c> for all of one service.</summary>
    public static async Task Forget(Tx tx, string projectId, string resource)
    {
        var rows = tx.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId);
        if ((await Loans.Balances(tx, projectId)).Keys.FirstOrDefault(r => r == resource || resource.EndsWith(".*", StringComparison.Ordinal) && r.StartsWith(resource[..^1], StringComparison.Ordinal)) is { } lent)
            throw CloudError.Conflict($"The quota {lent} of {projectId} is lent or borrowed; end the loan first.");
        rows = resource.EndsWith(".*", StringComparison.Ordinal) ? rows.Where(r => r.Resource.StartsWith(resource.Substring(0, resource.Length - 1))) : rows.Where(r => r.Resource == resource);
        await rows.ExecuteDeleteAsync();
    }

    /// <summary>A node is deleted: what it held is its parent's again, and its loans are over.</summary>
    public static async Task Gone(Tx tx, string id)
    {
        var now = tx.Now;
        await tx.Db<QuotaDb>().Loans.Where(l => (l.LenderId == id || l.BorrowerId == id) && l.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(l => l.EndedAt, now));
        await tx.Db<QuotaDb>().Quota.Where(r => r.ProjectId == id).ExecuteDeleteAsync();
    }

    /// <summary>Before a project uses more, and before any lock of its own: where it shares a quota from above, there must be room.</summary>
    public static Task MustHaveRoom(Tx tx, string projectId, params (string Resource, long Wanted)[] wanted) => tx.Tree.MustHaveRoom(tx, projectId, wanted.ToDictionary(w => w.Resource, w => w.Wanted));

    /// <summary>The same for several projects at once, as when what all of them follow becomes larger.</summary>
    public static Task MustHaveRoomEach(Tx tx, string resource, IReadOnlyDictionary<string, long> wanted) => tx.Tree.MustHaveRoomEach(tx, resource, wanted);

    /// <summary>Whether an organisation bounds what this project uses; stays so to the end of the transaction if it holds <see cref="QuotaTree.Divided"/>, shared.</summary>
    public static Task<bool> Divided(Tx tx, string projectId, string resource) => tx.Tree.Divides(tx, projectId, resource);

    /// <summary>
    /// Refuses what would go beyond the limit. Count <paramref name="used"/> inside the same transaction,
    /// after <c>tx.Lock("quota:" + projectId)</c>, so that two writers cannot both pass.
    /// </summary>
    public static async Task Check(Tx tx, string projectId, string resource, long used, long wanted, long fallback)
    {
        var limit = await Limit(tx, projectId, resource, fallback);
        if (limit >= 0 && wanted > 0 && used + wanted > limit)
            throw CloudError.OverLimit($"Quota exceeded for {resource[(resource.IndexOf('.') + 1)..]}: requested {wanted}, but already used {used} of {limit}. Delete what is not needed or ask for a larger quota.", "OverQuota");
    }
}
