using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
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

    public static async Task<AdviceRow> Find(Query q, string id, IReadOnlyList<string>? projects)
    {
        var row = await q.Db<CapacityDb>().Advice.SingleOrDefaultAsync(a => a.Id == id);
        return row is not null && (projects is null || projects.Contains(row.ProjectId)) ? row : throw CloudError.NotFound($"There is no advice {id}.");
    }
}
