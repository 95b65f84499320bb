using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Operations;

/// <summary>One thing that takes its time and was asked of a volume or snapshot; its host's report ends it. Whether it runs or failed, the volume itself tells.</summary>
internal sealed class VolumeActionRow
{
    public const string Create = "create", FromImage = "from_image", Copy = "copy", Snapshot = "snapshot", Restore = "restore", Extend = "extend", Revert = "revert", Reimage = "reimage";
    private const long Kept = 30L * 24 * 3_600_000;

    public required string Id { get; init; }
    public required string VolumeId { get; init; }
    public required string Kind { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public long StartedAt { get; init; }
    public long? EndedAt { get; init; }

    /// <summary>What was asked before and not done yet is part of this now.</summary>
    public static async Task Begin(Tx tx, VolumeRow row, string kind)
    {
        if (row.ProjectId.Length == 0) return; // the cloud's own
        await tx.Db<VolumeDb>().Actions.Where(a => a.VolumeId == row.Id && a.EndedAt == null || a.EndedAt < tx.Now - Kept).ExecuteDeleteAsync();
        tx.Db<VolumeDb>().Add(new VolumeActionRow { Id = Kernel.Id.New(), VolumeId = row.Id, Kind = kind, ProjectId = row.ProjectId, UserId = tx.Actor.UserId, StartedAt = tx.Now });
    }

    public static Task End(Tx tx, string volumeId) => tx.Db<VolumeDb>().Actions.Where(a => a.VolumeId == volumeId && a.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(a => a.EndedAt, tx.Now));

    /// <summary>It is not wanted any more.</summary>
    public static Task Drop(Tx tx, string volumeId) => tx.Db<VolumeDb>().Actions.Where(a => a.VolumeId == volumeId && a.EndedAt == null).ExecuteDeleteAsync();
}
