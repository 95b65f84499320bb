using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// The disk that a rescued guest boots from. It stands behind all others, so that those keep their names; the image may
/// say how it is plugged in (hw_rescue_device, hw_rescue_bus).
/// </summary>
internal static class RescueDisk
{
    public static GuestDisk Of(ServerPlan want, DiskFile file)
    {
        var cdrom = want.RescueProperties.GetValueOrDefault("hw_rescue_device") == "cdrom";
        var bus = want.RescueProperties.GetValueOrDefault("hw_rescue_bus") switch { "scsi" => "scsi", "usb" => "usb", "sata" => "sata", "ide" => "ide", _ => cdrom ? "ide" : "virtio" };
        var device = bus switch { "virtio" => "vdy", "ide" => "hdd", _ => "sdy" };
        return new GuestDisk(DiskRole.Rescue, want.Id, file.File, device, file.Format, 0, false) { Bus = bus, Cdrom = cdrom };
    }
}
