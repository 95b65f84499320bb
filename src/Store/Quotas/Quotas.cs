using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Quotas;

public sealed class QuotaRow
{
    public required string ProjectId { get; init; }
    /// <summary>Service and resource: <c>compute.instances</c>, <c>network.port</c>, <c>volume.gigabytes</c>.</summary>
    public required string Resource { get; init; }
    /// <summary>-1 = no limit.</summary>
    public long Value { get; init; }
}

internal sealed class QuotaDb(DbContextOptions<QuotaDb> options) : ModuleContext(options)
{
    public DbSet<QuotaRow> Quota => Set<QuotaRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<QuotaRow>().ToTable("quota").HasKey(r => new { r.ProjectId, r.Resource });
}

/// <summary>Limits that were set for a project; a resource without a row has the module's default.</summary>
public static class Quotas
{
    public static async Task<long> Limit(Query q, string projectId, string resource, long fallback) =>
        await q.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId && r.Resource == resource).Select(r => (long?)r.Value).SingleOrDefaultAsync() ?? fallback;

    public static async Task<IReadOnlyDictionary<string, long>> Of(Query q, string projectId, string service) =>
        (await q.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId && r.Resource.StartsWith(service + ".")).ToListAsync())
        .ToDictionary(r => r.Resource[(service.Length + 1)..], r => r.Value);

    /// <summary>Projects that have at least one limit of their own for this service.</summary>
    public static Task<List<string>> Projects(Query q, string service) =>
        q.Db<QuotaDb>().Quota.Where(r => r.Resource.StartsWith(service + ".")).Select(r => r.ProjectId).Distinct().OrderBy(p => p).ToListAsync();

    public static async Task Set(Tx tx, string projectId, string resource, long value)
    {
        await Forget(tx, projectId, resource);
        tx.Db<QuotaDb>().Add(new QuotaRow { ProjectId = projectId, Resource = resource, Value = value });
    }

    /// <summary>Back to the module's default; the resource may end in <c>.*</c> for all of one service.</summary>
    public static async Task Forget(Tx tx, string projectId, string resource)
    {
        var rows = tx.Db<QuotaDb>().Quota.Where(r => r.ProjectId == projectId);
        rows = resource.EndsWith(".*", StringComparison.Ordinal) ? rows.Where(r => r.Resource.StartsWith(resource.Substring(0, resource.Length - 1))) : rows.Where(r => r.Resource == resource);
        await rows.ExecuteDeleteAsync();
    }

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
