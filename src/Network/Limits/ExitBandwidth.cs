using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Qos;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Network.Limits;

/// <summary>
/// How much floating IPs may carry. The exit is one line that all organisations share, so its width is divided like any other quota; and where
/// it is divided, an address without a limit would take all of it, so there is none.
/// </summary>
internal static class ExitBandwidth
{
    public const string Resource = "network.exit_bandwidth";

    /// <summary>Mbit/s of a policy: its wider direction, a begun one counts whole. null = not limited both ways.</summary>
    public static long? Of(IReadOnlyCollection<QosRuleRow> rules)
    {
        long? Widest(string direction) => rules.Where(r => r.Kind == Policies.Bandwidth && r.Direction == direction && r.MaxKbps > 0).Max(r => r.MaxKbps);
        return Widest("egress") is { } outward && Widest("ingress") is { } inward ? (Math.Max(outward, inward) + 999) / 1000 : null;
    }

    public static async Task<long> Used(Query q, IReadOnlyCollection<string> projects)
    {
        var policies = await q.Db<NetworkDb>().FloatingIps.Where(f => projects.Contains(f.ProjectId) && f.QosPolicyId != null)
            .GroupBy(f => f.QosPolicyId!).Select(g => new { Id = g.Key, Addresses = g.LongCount() }).ToListAsync();
        var widths = await Widths(q, [.. policies.Select(p => p.Id)]);
        return policies.Sum(p => p.Addresses * (widths.GetValueOrDefault(p.Id) ?? 0));
    }

    /// <summary>Addresses of these projects that are not limited both ways.</summary>
    public static async Task<IReadOnlyList<string>> Unlimited(Query q, IReadOnlyCollection<string> projects)
    {
        var addresses = await q.Db<NetworkDb>().FloatingIps.Where(f => projects.Contains(f.ProjectId)).Select(f => new { f.Ip, f.QosPolicyId }).ToListAsync();
        var widths = await Widths(q, [.. addresses.Select(a => a.QosPolicyId).OfType<string>().Distinct()]);
        return [.. addresses.Where(a => a.QosPolicyId is null || widths.GetValueOrDefault(a.QosPolicyId) is null).Select(a => a.Ip)];
    }

    /// <summary>
    /// What more an address takes that follows another policy from now on. Until the end of the transaction nobody divides the quota and nobody
    /// changes the rules; take <see cref="MustHaveRoom"/> before any lock of the project.
    /// </summary>
    public static async Task<long> More(Tx tx, string projectId, string? before, string? after)
    {
        await tx.LockShared(QuotaTree.Divided);
        foreach (var policy in new[] { before, after }.OfType<string>().Distinct().Order(StringComparer.Ordinal)) await tx.LockShared("network:" + policy);
        var wanted = Of(await Policies.Rules(tx, after));
        if (wanted is null && await Quotas.Divided(tx, projectId, Resource))
            throw CloudError.Invalid($"Bad floatingip request: the bandwidth of the exit is divided among the organisations here ({Resource}), so a floating IP needs a limit: name with qos_policy_id a QoS policy that limits both egress and ingress. " +
                (after is null ? "'openstack network qos policy list' shows those that you may use; if none fits, ask the administrator of the cloud for one." : $"The policy {after} does not."), "BadRequest");
        return Math.Max(0, (wanted ?? 0) - (Of(await Policies.Rules(tx, before)) ?? 0));
    }

    /// <summary>The same for an address that exists.</summary>
    public static async Task Take(Tx tx, string projectId, long more)
    {
        if (more == 0 || projectId.Length == 0) return;
        await Quotas.MustHaveRoom(tx, projectId, (Resource, more));
        await tx.Lock("quota:" + projectId);
        await MustBeWithin(tx, projectId, more);
    }

    /// <summary>Refuses what would go beyond the project's own number; the caller holds its quota.</summary>
    public static async Task MustBeWithin(Tx tx, string projectId, long more)
    {
        if (more > 0) await Quotas.Check(tx, projectId, Resource, await Used(tx, [projectId]), more, -1);
    }

    /// <summary>Before the rules of a policy become these: whoever has addresses that follow it must have room for that. Call it before they are written.</summary>
    public static async Task MustFit(Tx tx, string policyId, IReadOnlyCollection<QosRuleRow> rules)
    {
        var users = await tx.Db<NetworkDb>().FloatingIps.Where(f => f.QosPolicyId == policyId).GroupBy(f => f.ProjectId).Select(g => new { Project = g.Key, Addresses = g.LongCount() }).ToListAsync();
        if (users.Count == 0) return;
        var (before, after) = (Of(await Policies.Rules(tx, policyId)), Of(rules));
        if (after is null)
        {
            foreach (var user in users)
                if (await Quotas.Divided(tx, user.Project, Resource))
                    throw CloudError.Conflict($"QoS Policy {policyId} is the bandwidth limit of floating IPs of project {user.Project}, where the bandwidth of the exit is divided: it must limit both directions. Let them follow another policy first.", "QosPolicyInUse");
        }
        else if (after > (before ?? 0)) await Quotas.MustHaveRoomEach(tx, Resource, users.ToDictionary(u => u.Project, u => u.Addresses * (after.Value - (before ?? 0))));
    }

    private static async Task<Dictionary<string, long?>> Widths(Query q, IReadOnlyCollection<string> policies) => policies.Count == 0 ? []
        : (await q.Db<NetworkDb>().QosRules.Where(r => policies.Contains(r.PolicyId) && r.Kind == Policies.Bandwidth).ToListAsync()).GroupBy(r => r.PolicyId).ToDictionary(g => g.Key, g => Of([.. g]));
}
