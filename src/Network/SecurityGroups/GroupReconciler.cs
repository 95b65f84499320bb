using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Network.SecurityGroups;

/// <summary>Makes the fabric's rules of one security group what its rows say; also keeps the fixed group that drops the rest.</summary>
internal sealed class GroupReconciler(Database database, INetworkFabric fabric) : IReconciler
{
    public string Kind => NetworkWork.Group;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        if (id == FixedGroups.Drop)
        {
            await fabric.Ensure(new GroupPlan(id, []), ct);
            return Next.Done;
        }
        var (row, rules) = await database.Read(async q => (
            await q.Db<NetworkDb>().Groups.SingleOrDefaultAsync(g => g.Id == id, ct),
            await q.Db<NetworkDb>().Rules.Where(r => r.GroupId == id).ToListAsync(ct)), ct);
        if (row is null)
        {
            await fabric.EnsureGone(new FabricObject(FabricKind.Group, id), ct);
            return Next.Done;
        }
        await fabric.Ensure(new GroupPlan(id, [.. rules.Select(Plan)]), ct);
        await database.Write(Actor.System, tx => tx.Seen(row), ct);
        return Next.Done;
    }

    private static GroupRulePlan Plan(GroupRuleRow r) => new(
        r.Id, r.Direction == "ingress", r.Ethertype == "IPv6", RuleRules.Number(r.Protocol, r.Ethertype), r.PortMin, r.PortMax, r.RemoteIpPrefix, r.RemoteGroupId);

    public async Task<IReadOnlyList<string>> Keys(Query q) => [FixedGroups.Drop, .. await q.Db<NetworkDb>().Groups.Select(g => g.Id).ToListAsync()];
}
