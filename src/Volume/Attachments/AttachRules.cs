using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Attachments;

internal static partial class AttachRules
{
    /// <summary>A volume to boot from may still be made: the host waits for it before it starts the server.</summary>
    public static async Task Check(Tx tx, FullVolume volume, string serverId, int bootIndex, bool beingMade = false)
    {
        var status = volume.Status(tx.Now);
        if (volume.Attachments.Any(a => a.ServerId == serverId)) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} is already attached to server {serverId}.");
        var shared = volume.Row.Multiattach && status is "in-use" or "attaching" or "reserved" && volume.Row.Held is null;
        if (!shared && status != "available" && !(status == "creating" && (bootIndex >= 0 || beingMade)))
            throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} status must be available to be attached, but the current status is {status}.");
        if (bootIndex == 0 && !volume.Row.Bootable && !beingMade) throw CloudError.Invalid($"Block Device {volume.Row.Id} is not bootable.");
        if (await VolumeDeletion.Copying(tx, volume.Row.Id) is { } copy) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} is being copied into volume {copy}; wait until that is done.");
    }

    /// <summary>The device asked for when it is a free virtio name, else the next free one. vda belongs to the root disk.</summary>
    public static string Device(string? wanted, int bootIndex, IReadOnlyCollection<string> taken)
    {
        if (bootIndex == 0) return "/dev/vda";
        if (wanted is not null && Virtio().Match(wanted) is { Success: true } match)
        {
            var named = "/dev/" + match.Groups[1].Value;
            return taken.Contains(named) ? throw CloudError.Conflict($"The supplied device path ({wanted}) is in use.") : named;
        }
        return Enumerable.Range('b', 25).Select(c => $"/dev/vd{(char)c}").FirstOrDefault(d => !taken.Contains(d))
            ?? throw CloudError.OverLimit("The server has the largest number of volumes that it can take (25).");
    }

    [GeneratedRegex("^(?:/dev/)?(vd[b-z])$")]
    private static partial Regex Virtio();
}
