using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Xiangyun.Capacity.Settings;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Capacity.Advice;

internal static class AdviceStore
{
    public const string Work = "capacity.advice";

    /// <summary>Compare-and-set on the generation: whoever comes second is told.</summary>
    public static async Task Update(Tx tx, AdviceRow row, Action<UpdateSettersBuilder<AdviceRow>> set)
    {
        var changed = await tx.Db<CapacityDb>().Advice.Where(a => a.Id == row.Id && a.Generation == row.Generation).ExecuteUpdateAsync(s =>
        {
            s.SetProperty(a => a.Generation, row.Generation + 1).SetProperty(a => a.UpdatedAt, tx.Now);
            set(s);
        });
        if (changed == 0) throw CloudError.Conflict($"The advice {row.Id} was changed by another request at the same time; look again.");
    }

    public static void MustBe(AdviceRow row, params string[] states)
    {
        if (!states.Contains(row.State)) throw CloudError.Conflict($"This advice is {row.State}; that can be done while it is {string.Join(" or ", states)}.");
    }

    /// <summary>It does not come again for so many days, or as long as is usual.</summary>
    public static async Task Dismiss(Tx tx, AdviceRow row, string reason, long? days)
    {
        MustBe(row, States.Proposed, States.Failed, States.Accepted);
        var until = tx.Now + (days * 86400 ?? (await Policy.Read(tx)).QuietSeconds) * 1000;
        await Update(tx, row, s => s.SetProperty(a => a.State, States.Dismissed).SetProperty(a => a.Why, reason).SetProperty(a => a.QuietUntil, until));
        tx.Audit("capacity_advice.dismiss", "capacity_advice", row.Id, row.ProjectId, new { server = row.ServerId, reason, until = Clock.Seconds(until) });
    }

    /// <summary>Back to the earlier flavor, in the name of who says so now.</summary>
    public static async Task Undo(Tx tx, AdviceRow row, string why)
    {
        MustBe(row, States.Watching, States.Done);
        var (who, stood) = (tx.Actor.UserId, Sight.Written(tx.Actor));
        await Update(tx, row, s => s.SetProperty(a => a.State, States.Undoing).SetProperty(a => a.AcceptedBy, who).SetProperty(a => a.Standpoint, stood).SetProperty(a => a.Why, why));
        tx.Audit("capacity_advice.undo", "capacity_advice", row.Id, row.ProjectId, new { server = row.ServerId, back_to = row.FromName, why });
        tx.Wake(Work, row.Id);
    }

    public static async Task<AdviceRow> Find(Query q, string id, IReadOnlyList<string>? projects)
    {
        var row = await q.Db<CapacityDb>().Advice.SingleOrDefaultAsync(a => a.Id == id);
        return row is not null && (projects is null || projects.Contains(row.ProjectId)) ? row : throw CloudError.NotFound($"There is no advice {id}.");
    }
}
