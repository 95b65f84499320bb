using Microsoft.EntityFrameworkCore;
using Xiangyun.Capacity.Settings;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Capacity.Idle;

/// <summary>Brings the questions to the owners of one project up to date, and asks again, and one further up, where nobody answers.</summary>
internal static class IdleSurvey
{
    private const long Kept = 400L * 24 * 3_600_000;

    public static async Task Bring(Tx tx, string projectId, IReadOnlyList<Found> found, Policy policy)
    {
        var db = tx.Db<CapacityDb>();
        await db.Idle.Where(i => i.ProjectId == projectId && i.State == IdleStates.Gone && i.UpdatedAt < tx.Now - Kept).ExecuteDeleteAsync();
        var rows = (await db.Idle.Where(i => i.ProjectId == projectId).ToListAsync()).ToDictionary(i => (i.ObjectKind, i.ObjectId));
        foreach (var f in found)
        {
            var text = f.Evidence.ToJsonString();
            if (!rows.Remove((f.ObjectKind, f.ObjectId), out var row))
                db.Add(new IdleRow { Id = Id.New(), Kind = f.Kind, ObjectKind = f.ObjectKind, ObjectId = f.ObjectId, Name = f.Name, ProjectId = projectId, State = IdleStates.Open, Since = f.Since, Cost = f.Cost, Evidence = text, Generation = 1, CreatedAt = tx.Now, UpdatedAt = tx.Now });
            else if (row.State is IdleStates.Gone || row.State == IdleStates.Kept && row.KeepUntil <= tx.Now)
                await Update(tx, row, s => s.SetProperty(i => i.State, IdleStates.Open).SetProperty(i => i.Kind, f.Kind).SetProperty(i => i.Since, f.Since).SetProperty(i => i.Cost, f.Cost).SetProperty(i => i.Evidence, text).SetProperty(i => i.Reminders, 0).SetProperty(i => i.RemindedAt, (long?)null).SetProperty(i => i.EscalatedAt, (long?)null).SetProperty(i => i.KeepUntil, (long?)null).SetProperty(i => i.ReleaseAt, (long?)null));
            else if (row.State == IdleStates.Open)
            {
                if (row.Evidence != text || row.Cost != f.Cost || row.Kind != f.Kind || row.Name != f.Name) await Update(tx, row, s => s.SetProperty(i => i.Kind, f.Kind).SetProperty(i => i.Name, f.Name).SetProperty(i => i.Since, f.Since).SetProperty(i => i.Cost, f.Cost).SetProperty(i => i.Evidence, text));
                else await Remind(tx, row, policy);
            }
        }
        // What is used again needs no answer; what was released is seen to by its own reconciler.
        var used = rows.Values.Where(i => i.State is IdleStates.Open).Select(i => i.Id).ToList();
        if (used.Count > 0) await db.Idle.Where(i => used.Contains(i.Id) && i.State == IdleStates.Open).ExecuteDeleteAsync();
    }

    private static async Task Remind(Tx tx, IdleRow row, Policy policy)
    {
        if (tx.Now - (row.RemindedAt ?? row.CreatedAt) < policy.RemindSeconds * 1000) return;
        var escalate = row.EscalatedAt is null && row.Reminders >= policy.RemindersBeforeManager;
        if (row.EscalatedAt is not null) return;
        await Update(tx, row, s =>
        {
            s.SetProperty(i => i.RemindedAt, tx.Now).SetProperty(i => i.Reminders, row.Reminders + 1);
            if (escalate) s.SetProperty(i => i.EscalatedAt, tx.Now);
        });
        tx.Audit(escalate ? "capacity_idle.escalate" : "capacity_idle.remind", "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId, reminders = row.Reminders + 1 });
    }

    public static async Task Update(Tx tx, IdleRow row, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<IdleRow>> set)
    {
        var now = tx.Now;
        if (await tx.Db<CapacityDb>().Idle.Where(i => i.Id == row.Id && i.Generation == row.Generation).ExecuteUpdateAsync(s => { set(s); s.SetProperty(i => i.Generation, row.Generation + 1).SetProperty(i => i.UpdatedAt, now); }) == 0)
            throw CloudError.Conflict($"{row.Id} was answered or changed by somebody else at the same time; look again.");
    }
}
