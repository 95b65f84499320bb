using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Approvals.Requests;

internal static class Requests
{
    /// <summary>A change of what was read, and of nothing newer: of two who decide at once, one is told.</summary>
    public static async Task Update(Tx tx, RequestRow row, Action<UpdateSettersBuilder<RequestRow>> set)
    {
        var now = tx.Now;
        var changed = await tx.Db<ApprovalsDb>().Requests.Where(r => r.Id == row.Id && r.Generation == row.Generation)
            .ExecuteUpdateAsync(s => { set(s); s.SetProperty(r => r.Generation, row.Generation + 1).SetProperty(r => r.UpdatedAt, now); });
        if (changed == 0) throw CloudError.Conflict("The request was changed or decided by somebody else at the same time; look at it again.");
    }
}
