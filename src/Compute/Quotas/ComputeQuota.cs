using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Quotas;

/// <summary>
/// Limits of a project, within it of a user, and by default; and what is used, counted in the transaction that wants more.
/// </summary>
internal static class ComputeQuota
{
    /// <summary>What a new cloud begins with; an administrator changes it by the quota class <c>default</c>.</summary>
    public static readonly IReadOnlyDictionary<string, long> Built = new Dictionary<string, long>
    {
        ["instances"] = 10, ["cores"] = 20, ["ram"] = 51_200, ["key_pairs"] = 100, ["metadata_items"] = 128, ["server_groups"] = 10, ["server_group_members"] = 10,
        ["injected_files"] = 5, ["injected_file_content_bytes"] = 10_240, ["injected_file_path_bytes"] = 255, ["fixed_ips"] = -1, ["floating_ips"] = -1, ["security_groups"] = -1, ["security_group_rules"] = -1,
    };

    public const string Service = "compute";
    public const string ClassService = "compute-class";
    public const string NoProject = "";

    /// <summary>Rows of one user's own limits stand under this name in the project.</summary>
    public static string UserService(string userId) => $"compute/{userId}";

    public static async Task<Dictionary<string, long>> Defaults(Query q) => Over(Built, await Store.Quotas.Quotas.Of(q, NoProject, ClassService));

    public static async Task<Dictionary<string, long>> Limits(Query q, string projectId, string? userId = null)
    {
        var limits = Over(await Defaults(q), await Store.Quotas.Quotas.Of(q, projectId, Service));
        return userId is null ? limits : Over(limits, await Store.Quotas.Quotas.Of(q, projectId, UserService(userId)));
    }

    private static Dictionary<string, long> Over(IReadOnlyDictionary<string, long> below, IReadOnlyDictionary<string, long> set) => below.ToDictionary(d => d.Key, d => set.TryGetValue(d.Key, out var value) ? value : d.Value);

    public static async Task<(long Instances, long Cores, long Ram)> Used(Query q, string projectId, string? userId = null)
    {
        var rows = q.Db<ComputeDb>().Servers.Where(s => s.ProjectId == projectId && s.DeletedAt == null && (userId == null || s.UserId == userId));
        var sums = await rows.GroupBy(_ => 1).Select(g => new { Count = g.LongCount(), Cores = g.Sum(s => (long)s.Vcpus), Ram = g.Sum(s => (long)s.RamMib) }).SingleOrDefaultAsync();
        return sums is null ? (0, 0, 0) : (sums.Count, sums.Cores, sums.Ram);
    }

    /// <summary>Everything that is counted, by the name of its limit; what is limited per thing (files, members) counts nothing here.</summary>
    public static async Task<Dictionary<string, long>> AllUsed(Query q, string projectId, string? userId = null)
    {
        var used = await Used(q, projectId, userId);
        var groups = await q.Db<ComputeDb>().Groups.CountAsync(g => g.ProjectId == projectId && (userId == null || g.UserId == userId));
        return new() { ["instances"] = used.Instances, ["cores"] = used.Cores, ["ram"] = used.Ram, ["server_groups"] = groups };
    }

    public static async Task CheckServers(Tx tx, string projectId, long count, long cores, long ram)
    {
        await Store.Quotas.Quotas.MustHaveRoom(tx, projectId, ("compute.instances", count), ("compute.cores", cores), ("compute.ram", ram));
        await tx.Lock("quota:" + projectId);
        CheckThree(await Limits(tx, projectId), await Used(tx, projectId), count, cores, ram);
        var own = await Store.Quotas.Quotas.Of(tx, projectId, UserService(tx.Actor.UserId));
        if (own.Count > 0) CheckThree(own, await Used(tx, projectId, tx.Actor.UserId), count, cores, ram);
    }

    private static void CheckThree(IReadOnlyDictionary<string, long> limits, (long Instances, long Cores, long Ram) used, long count, long cores, long ram)
    {
        Check(limits, "instances", used.Instances, count);
        Check(limits, "cores", used.Cores, cores);
        Check(limits, "ram", used.Ram, ram);
    }

    public static async Task CheckKeypairs(Tx tx, string projectId, string userId) =>
        Check(await Limits(tx, projectId, userId), "key_pairs", await tx.Db<ComputeDb>().Keypairs.CountAsync(k => k.UserId == userId), 1);

    public static async Task CheckGroups(Tx tx, string projectId)
    {
        await tx.Lock("quota:" + projectId);
        Check(await Limits(tx, projectId, tx.Actor.UserId), "server_groups", await tx.Db<ComputeDb>().Groups.CountAsync(g => g.ProjectId == projectId), 1);
    }

    /// <summary>One more member of a server group.</summary>
    public static async Task CheckGroup(Tx tx, string projectId, string? groupId)
    {
        if (groupId is null) return;
        var db = tx.Db<ComputeDb>();
        Check(await Limits(tx, projectId, tx.Actor.UserId), "server_group_members", await db.GroupMembers.CountAsync(m => m.GroupId == groupId && db.Servers.Any(s => s.Id == m.ServerId && s.DeletedAt == null)), 1);
    }

    private static void Check(IReadOnlyDictionary<string, long> limits, string resource, long used, long wanted)
    {
        if (limits.TryGetValue(resource, out var limit) && limit >= 0 && wanted > 0 && used + wanted > limit)
            throw CloudError.OverLimit($"Quota exceeded for {resource}: requested {wanted}, but already used {used} of {limit}. Delete what is not needed or ask for a larger quota.", "OverQuota");
    }
}
