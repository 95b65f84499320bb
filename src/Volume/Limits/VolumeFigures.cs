using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Volume.Limits;

/// <summary>Volumes and what they may hold.</summary>
internal sealed class VolumeFigures : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var rows = q.Db<VolumeDb>().Volumes.Where(v => v.SnapshotOf == null);
        return [new("volumes", await rows.CountAsync(), "volumes", "/volumes"), new("volumes.gib", await rows.SumAsync(v => (long)v.SizeGib), "GiB", "/volumes")];
    }
}
