using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Plans;

/// <summary>Writes plans down, approves them by a person or by the policy's rule, and stops them.</summary>
internal sealed class PlanBook
{
    /// <summary>Whoever begins or stops moves holds this.</summary>
    public const string MovesLock = "consolidation.moves";

    public async Task<PlanRow> Add(Tx tx, Proposal proposal, Policy policy, string verb)
    {
        var (id, body) = (Id.New(), proposal.Body());
        var db = tx.Db<ConsolidationDb>();
        var row = new PlanRow { Id = id, Cluster = proposal.Cluster, Kind = proposal.Kind, ParentId = proposal.ParentId, Body = body, Hash = Proposal.Hash(body), MadeBy = tx.Actor.UserName, MadeAt = tx.Now };
        db.Add(row);
        if (proposal.Picture is { } picture) db.Add(new PictureRow { PlanId = id, Body = picture.ToJsonString() });
        db.AddRange(proposal.Moves.Select((m, i) => new MoveRow { PlanId = id, Place = i + 1, ServerId = m.Server.Id, FromHost = m.From.Id, ToHost = m.To.Id }));
        db.AddRange(proposal.On.Select(h => new SwitchRow { PlanId = id, HostId = h.Id, TurnOn = true }).Concat(proposal.Off.Select(h => new SwitchRow { PlanId = id, HostId = h.Id })));
        await tx.Save();
        tx.Audit(verb, "consolidation_plan", id, null, new { proposal.Cluster, proposal.Kind, proposal.Trigger, moves = proposal.Moves.Count, row.Hash });
        if (Nothing(proposal) || !policy.Approval.Approves(proposal.Kind, proposal.Moves.Count, proposal.Gain?.RiskPercentAfter ?? 0) || proposal.Kind != PlanKinds.Rescue && await Going(tx, row.Cluster, id)) return row;
        await Approve(tx, row, null, "the policy's rule");
        return (await Find(tx, id))!;
    }

    public static bool Nothing(Proposal p) => p.Moves.Count == 0 && p.On.Count == 0 && p.Off.Count == 0;

    public static Task<PlanRow?> Find(Query q, string id) => q.Db<ConsolidationDb>().Plans.SingleOrDefaultAsync(p => p.Id == id);

    /// <summary>Another plan of the cluster is under way.</summary>
    public static Task<bool> Going(Query q, string cluster, string but) => PlanState.Going(q.Db<ConsolidationDb>()).AnyAsync(p => p.Cluster == cluster && p.Id != but);

    /// <param name="approver">In whose name it is carried out; null = the cloud's own, as the policy's rule says.</param>
    public async Task Approve(Tx tx, PlanRow row, Standpoint? approver, string by)
    {
        var standpoint = approver is null ? null : System.Text.Json.JsonSerializer.Serialize(approver);
        var now = tx.Now;
        if (await tx.Db<ConsolidationDb>().Plans.Where(p => p.Id == row.Id && p.ApprovedAt == null && p.StoppedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.ApprovedAt, now).SetProperty(p => p.ApprovedBy, by).SetProperty(p => p.Approver, standpoint)) == 0) throw CloudError.Conflict("The plan was approved or stopped meanwhile.");
        tx.Audit("consolidation_plan.approve", "consolidation_plan", row.Id, null, new { by, row.Hash });
        tx.Wake(ConsolidationModule.PlanWork, row.Id);
    }

    /// <summary>No further move begins. Those under way end by themselves.</summary>
    public async Task<bool> Stop(Tx tx, PlanRow row, string by, string why)
    {
        await tx.Lock(MovesLock);
        var now = tx.Now;
        if (await tx.Db<ConsolidationDb>().Plans.Where(p => p.Id == row.Id && p.StoppedAt == null && p.FailedWhy == null && p.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.StoppedAt, now).SetProperty(p => p.StoppedBy, by).SetProperty(p => p.StoppedWhy, why)) == 0) return false;
        tx.Audit("consolidation_plan.stop", "consolidation_plan", row.Id, null, new { by, why });
        tx.Wake(ConsolidationModule.PlanWork, row.Id);
        return true;
    }
}
