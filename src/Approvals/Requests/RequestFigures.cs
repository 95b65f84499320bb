using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Approvals.Requests;

/// <summary>What waits for a decision, and what was carried out by itself in the last 30 days.</summary>
internal sealed class RequestFigures : IFigures
{
    private const long Month = 30L * 24 * 3_600_000;

    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var (rows, since) = (q.Db<ApprovalsDb>().Requests, q.Now - Month);
        return [new("requests.waiting", await rows.CountAsync(r => r.State == States.Waiting), "requests", "/approvals?show=all"), new("requests.done_30d", await rows.CountAsync(r => r.State == States.Done && r.UpdatedAt >= since), "requests in 30 days", "/approvals?show=all")];
    }
}
