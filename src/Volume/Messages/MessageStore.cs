using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Volume.Messages;

internal static class MessageStore
{
    /// <summary>How long a message is kept; the old ones go when a new one comes.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static async Task Add(Tx tx, string project, string kind, string id, string happened, string text)
    {
        if (project.Length == 0) return; // the cloud's own snapshots and images are nobody's
        var old = tx.Now - (long)Kept.TotalMilliseconds;
        await tx.Db<VolumeDb>().Messages.Where(m => m.ProjectId == project && m.CreatedAt < old).ExecuteDeleteAsync();
        tx.Db<VolumeDb>().Add(new MessageRow
        {
            Id = Id.New(), ProjectId = project, ResourceKind = kind, ResourceId = id, Event = happened, Text = text, RequestId = tx.Actor.RequestId, CreatedAt = tx.Now,
        });
        await tx.Save();
    }
}
