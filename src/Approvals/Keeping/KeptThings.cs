using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Approvals.Keeping;

/// <summary>While something is protected, the organisation that owns it cannot end.</summary>
internal sealed class KeptThings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        if (owner.ProjectIds is not { } projects) return [];
        var rows = q.Db<ApprovalsDb>().Protections.Where(p => projects.Contains(p.ProjectId)).OrderBy(p => p.Id);
        return [await Heap.Of("protection", rows.Select(p => new Thing(p.Id, p.Kind, p.ProjectId))) with { Kept = true }];
    }
}
