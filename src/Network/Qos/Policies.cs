using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Qos;

/// <summary>Finds policies, reads which one a network, port or floating IP shall follow, and wakes those that follow one.</summary>
internal static class Policies
{
    public const string Bandwidth = "bandwidth_limit";
    public const string Dscp = "dscp_marking";

    public static IQueryable<QosPolicyRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().QosPolicies.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId || r.Shared || shared.Contains(r.Id));
    }

    public static CloudError Missing(string id) => NotFound.Of("QosPolicyNotFound", "QoS policy", id);

    /// <summary><c>qos_policy_id</c> of a request: kept when absent, taken away by null.</summary>
    public static async Task<string?> Wanted(Query q, Actor actor, Fields fields, string? before)
    {
        if (!fields.Has("qos_policy_id")) return before;
        if (fields.TextOr("qos_policy_id", 0, 64) is not { Length: > 0 } id) return null;
        return await Visible(q, actor).AnyAsync(p => p.Id == id) ? id : throw Missing(id);
    }

    /// <summary>The project's own default, for a new network that names none.</summary>
    public static Task<string?> Default(Query q, string projectId) => q.Db<NetworkDb>().QosPolicies.Where(p => p.ProjectId == projectId && p.IsDefault).Select(p => (string?)p.Id).FirstOrDefaultAsync();

    public static async Task<List<QosRuleRow>> Rules(Query q, string? policyId) => policyId is null ? [] : await q.Db<NetworkDb>().QosRules.Where(r => r.PolicyId == policyId).OrderBy(r => r.Id).ToListAsync();

    /// <summary>What a port obeys: its own policy, or else its network's. Ports of the cloud itself are not limited by a network's policy.</summary>
    public static async Task<IReadOnlyList<QosPlan>> For(Query q, PortRow port, string? networkPolicy) =>
        [.. (await Rules(q, port.QosPolicyId ?? (port.OfCloud ? null : networkPolicy))).Select(r => new QosPlan(r.Id, r.Direction != "ingress", r.MaxKbps, r.MaxBurstKbps, r.DscpMark)).Where(Says)];

    /// <summary>What a floating IP obeys: the limits of its policy. Marks are for ports.</summary>
    public static IReadOnlyList<QosPlan> ForFloating(IEnumerable<QosRuleRow> rules) =>
        [.. rules.Where(r => r.Kind == Bandwidth).Select(r => new QosPlan(r.Id, r.Direction != "ingress", r.MaxKbps, r.MaxBurstKbps, null)).Where(Says)];

    /// <summary>A limit of 0 is none, as in Neutron.</summary>
    private static bool Says(QosPlan plan) => plan.Dscp is not null || plan.MaxKbps > 0;

    /// <summary>The rules changed: every port and floating IP that follows the policy learns it.</summary>
    public static async Task Wake(Tx tx, string policyId)
    {
        var db = tx.Db<NetworkDb>();
        foreach (var port in await db.Ports.Where(p => p.QosPolicyId == policyId || p.QosPolicyId == null && db.Networks.Any(n => n.Id == p.NetworkId && n.QosPolicyId == policyId)).Select(p => p.Id).ToListAsync())
            tx.Wake(NetworkWork.Port, port);
        foreach (var router in await db.FloatingIps.Where(f => f.QosPolicyId == policyId && f.RouterId != null).Select(f => f.RouterId!).Distinct().ToListAsync()) tx.Wake(NetworkWork.Router, router);
    }

    public static JsonObject Wire(QosRuleRow r) => r.Kind == Dscp
        ? new JsonObject { ["id"] = r.Id, ["dscp_mark"] = r.DscpMark }
        : new JsonObject { ["id"] = r.Id, ["max_kbps"] = r.MaxKbps, ["max_burst_kbps"] = r.MaxBurstKbps ?? 0, ["direction"] = r.Direction };
}
