using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Volume.Limits;

/// <summary>What volumes and their snapshots use, for the quotas that organisations divide.</summary>
internal sealed class VolumeUse : IQuotaUse
{
    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { ["volume.volumes"] = "volumes", ["volume.gigabytes"] = "GiB" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects)
    {
        var rows = q.Db<VolumeDb>().Volumes.Where(v => projects.Contains(v.ProjectId));
        return resource == "volume.volumes" ? rows.LongCountAsync(v => v.SnapshotOf == null) : rows.SumAsync(v => (long)v.SizeGib);
    }
}
