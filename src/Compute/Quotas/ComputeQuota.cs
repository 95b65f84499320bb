using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Quotas;

/// <summary>Limits of a project with their defaults, and what is used, counted in the transaction that wants more.</summary>
internal static class ComputeQuota
{
    public static readonly IReadOnlyDictionary<string, long> Defaults = new Dictionary<string, long>
    {
        ["instances"] = 10, ["cores"] = 20, ["ram"] = 51_200, ["key_pairs"] = 100, ["metadata_items"] = 128, ["server_groups"] = 10, ["server_group_members"] = 10,
        ["injected_files"] = 5, ["injected_file_content_bytes"] = 10_240, ["injected_file_path_bytes"] = 255, ["fixed_ips"] = -1, ["floating_ips"] = -1, ["security_groups"] = -1, ["security_group_rules"] = -1,
    };

    public static async Task<Dictionary<string, long>> Limits(Query q, string projectId)
    {
        var set = await Store.Quotas.Quotas.Of(q, projectId, "compute");
        return Defaults.ToDictionary(d => d.Key, d => set.TryGetValue(d.Key, out var value) ? value : d.Value);
    }

    public static async Task<(long Instances, long Cores, long Ram)> Used(Query q, string projectId)
    {
        var rows = q.Db<ComputeDb>().Servers.Where(s => s.ProjectId == projectId && s.DeletedAt == null);
        var sums = await rows.GroupBy(_ => 1).Select(g => new { Count = g.LongCount(), Cores = g.Sum(s => (long)s.Vcpus), Ram = g.Sum(s => (long)s.RamMib) }).SingleOrDefaultAsync();
        return sums is null ? (0, 0, 0) : (sums.Count, sums.Cores, sums.Ram);
    }

    public static async Task CheckServers(Tx tx, string projectId, long count, long cores, long ram)
    {
        await tx.Lock("quota:" + projectId);
        var used = await Used(tx, projectId);
        await Check(tx, projectId, "instances", used.Instances, count);
        await Check(tx, projectId, "cores", used.Cores, cores);
        await Check(tx, projectId, "ram", used.Ram, ram);
    }

    public static async Task CheckKeypairs(Tx tx, Actor actor) =>
        await Check(tx, actor.ProjectId!, "key_pairs", await tx.Db<ComputeDb>().Keypairs.CountAsync(k => k.UserId == actor.UserId), 1);

    private static Task Check(Tx tx, string projectId, string resource, long used, long wanted) =>
        Store.Quotas.Quotas.Check(tx, projectId, "compute." + resource, used, wanted, Defaults[resource]);
}
