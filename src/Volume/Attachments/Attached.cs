using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Volume.Attachments;

/// <summary>The attachments of servers as other modules see them.</summary>
internal sealed class Attached : IAttached
{
    public async Task<ILookup<string, AttachmentView>> OfServers(Query q, IReadOnlyCollection<string> serverIds) =>
        (await q.Db<VolumeDb>().Attachments.Where(a => !a.ByHand && serverIds.Contains(a.ServerId)).Join(q.Db<VolumeDb>().Volumes, a => a.VolumeId, v => v.Id, (a, v) => new { Row = a, v.Content, v.Multiattach })
            .OrderBy(a => a.Row.CreatedAt).ThenBy(a => a.Row.Id).ToListAsync()).ToLookup(a => a.Row.ServerId, a => View(a.Row) with { Content = a.Content, Shared = a.Multiattach });

    public static AttachmentView View(AttachmentRow row) => new(row.Id, row.VolumeId, row.ServerId, row.Device, row.BootIndex, row.DeleteOnTermination, row.State);
}
