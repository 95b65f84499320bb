using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Members;

namespace Xiangyun.Volume.Volumes;

/// <summary>Volumes as parts of something larger.</summary>
internal sealed class VolumeMembers : IMembers
{
    public string Kind => "volume";

    public async Task<IReadOnlyList<Member>> Of(Query q, IReadOnlyCollection<string> ids)
    {
        var rows = await q.Db<VolumeDb>().Volumes.Where(v => ids.Contains(v.Id) && v.SnapshotOf == null && !v.Gone && v.RecycledAt == null).OrderBy(v => v.Id).ToListAsync();
        return [.. (await VolumeStore.Full(q, rows)).Select(v =>
        {
            var status = v.Status(q.Now);
            return new Member(Kind, v.Row.Id, v.Row.Name ?? "", v.Row.ProjectId, status, status is "available" or "in-use");
        })];
    }
}
