using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Attachments;
using Xiangyun.Volume.Public;

namespace Xiangyun.Volume.Actions;

/// <summary>
/// The old attach protocol, in which a client (once Nova) tells Cinder what it does. Compute of this cloud does not
/// need it; what is said here is written down as said, and never changes what a host does.
/// </summary>
internal sealed class AttachActions : IVolumeActions
{
    public IEnumerable<VolumeAction> All =>
    [
        new("os-reserve", d => Hold(d, "reserve", "attaching", "available")),
        new("os-unreserve", d => Hold(d, "unreserve", null, "attaching")),
        new("os-begin_detaching", d => Hold(d, "detach", "detaching", "in-use")),
        new("os-roll_detaching", d => Hold(d, "roll back detaching", null, "detaching")),
        new("os-attach", Attach),
        new("os-detach", d => Detach(d, force: false)),
        new("os-force_detach", d => Detach(d, force: true), AdminOnly: true),
    ];

    private static async Task<JsonObject?> Hold(Doing doing, string what, string? held, string from)
    {
        doing.Must(what, from);
        await SetHeld(doing.Tx, doing.Row.Id, held);
        return null;
    }

    private static async Task<JsonObject?> Attach(Doing doing)
    {
        var body = doing.Needed;
        var server = body.IdOr("instance_uuid");
        var host = body.TextOr("host_name");
        var device = body.TextOr("mountpoint", 1) ?? throw CloudError.Invalid("'mountpoint' is a required property.");
        var mode = body.OneOf("mode", "rw", "ro") ?? "rw";
        if (server is null == host is null) throw CloudError.Invalid("Name either instance_uuid or host_name to attach to.");
        if (doing.Row.ReadOnly && mode == "rw") throw CloudError.Invalid($"Invalid volume: Volume {doing.Row.Id} is read-only and cannot be attached for writing.");
        doing.Must("attach", "available", "attaching");
        if (doing.Volume.Attachments.Count > 0) throw CloudError.Invalid($"Invalid volume: Volume {doing.Row.Id} is already attached.");
        doing.Db.Add(new AttachmentRow
        {
            Id = Id.New(), VolumeId = doing.Row.Id, ServerId = server ?? Id.From("host:" + host), Device = device, BootIndex = -1, Wanted = true, Seen = true, ByHand = true,
            HostName = host, AttachedAt = doing.Tx.Now, CreatedAt = doing.Tx.Now,
        });
        await SetHeld(doing.Tx, doing.Row.Id, null);
        return null;
    }

    private static async Task<JsonObject?> Detach(Doing doing, bool force)
    {
        var wanted = doing.Body?.IdOr("attachment_id");
        doing.Body?.ObjectOr("connector");
        if (wanted is null && doing.Volume.Attachments.Count == 0)
        {
            await SetHeld(doing.Tx, doing.Row.Id, null); // nothing has it: that is what was wanted
            return null;
        }
        if (!force) doing.Must("detach", "in-use", "detaching");
        var attachments = doing.Volume.Attachments.Where(a => wanted is null || a.Id == wanted).ToList();
        if (attachments.Count == 0) throw CloudError.NotFound($"Volume attachment {wanted ?? "of volume " + doing.Row.Id} could not be found.");
        if (attachments.FirstOrDefault(a => !a.ByHand) is { } real)
            throw CloudError.Invalid($"Invalid volume: Server {real.ServerId} holds volume {doing.Row.Id}; detach it through Compute (openstack server remove volume).");
        var ids = attachments.Select(a => a.Id).ToList();
        await doing.Db.Attachments.Where(a => ids.Contains(a.Id)).ExecuteDeleteAsync();
        if (force) await doing.Db.Volumes.Where(v => v.Id == doing.Row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ResetStatus, (string?)null));
        await SetHeld(doing.Tx, doing.Row.Id, null);
        return null;
    }

    private static async Task SetHeld(Tx tx, string id, string? held)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == id).ExecuteUpdateAsync(s => s.SetProperty(v => v.Held, held).SetProperty(v => v.UpdatedAt, tx.Now));
        tx.Changed(IVolumes.VolumeChanged, id);
    }
}
