using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Disks;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Makes, grows or removes one volume. A volume that a guest has open grows through the guest's engine and is not removed.</summary>
internal sealed class VolumeTurn(Workplace at, Material material)
{
    private const long Gib = 1L << 30;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    public async Task<TimeSpan?> Take(VolumePlan want, CancellationToken ct)
    {
        var user = at.Board.UserOf(want.Id);
        if (want.Gone) return await Remove(want, user, ct);
        var key = Key.Volume(want.Id);
        var there = await at.Disks.LookVolume(want.Id, ct);
        if (there?.Content < want.Content)
        {
            // Filled anew: not while a guest has the old content open, and what is there now counts for nothing.
            Show(want, there, user);
            if (user is not null && at.Board.Server(user) is { Power: Power.Running or Power.Paused }) return Soon;
            there = null;
        }
        if (there is null && want.Existing && !at.Disks.Forgets) throw new EngineFault("disks", "volume", "the file of this volume has been here and is missing now; it is not made anew, because its data would seem to be there", transient: false);
        if (there is null && want.Source is { ImageId.Length: > 0 } from && !await material.HasImage(key, from.ImageId, from.ImageSha512, ct))
        {
            Show(want, null, user);
            return null;
        }
        if (there is not null && user is not null && at.Board.Server(user) is { Power: Power.Running or Power.Paused })
        {
            if (there.SizeBytes < want.SizeGib * Gib)
            {
                await at.Guests.Grow(user, there.File, want.SizeGib * Gib, ct);
                there = await at.Disks.EnsureVolume(Spec(want), ct);
            }
        }
        else
        {
            var spec = Spec(want);
            there = there is null && spec.SourceVolumeId is { } source && Running(source) is { } writer ? await CopyOpen(spec, source, writer, ct) : await at.Disks.EnsureVolume(spec, ct);
        }
        Show(want, there, user);
        foreach (var server in at.Plan.Servers.Values.Where(s => s.Disks.Any(d => d.VolumeId == want.Id) && (at.Board.Server(s.Id)?.VolumeIds.Contains(want.Id) != true || at.Board.Server(s.Id) is not { Power: Power.Running })))
            at.Poke(Key.Server(server.Id));
        return null;
    }

    private static VolumeSpec Spec(VolumePlan want) =>
        new(want.Id, want.SizeGib * Gib, Some(want.Source?.ImageId), Some(want.Source?.ImageFormat), Some(want.Source?.VolumeId), Content: want.Content, Raw: want.Raw);

    private string? Running(string volumeId) => at.Board.UserOf(volumeId) is { } user && at.Board.Server(user) is { Power: Power.Running or Power.Paused } ? user : null;

    /// <summary>The guest's own engine copies what the guest has open, as it is at one moment.</summary>
    private async Task<DiskFile> CopyOpen(VolumeSpec spec, string source, string writer, CancellationToken ct)
    {
        var from = await at.Disks.LookVolume(source, ct) ?? throw new EngineFault("disks", "volume", $"volume {source} is not on this host", transient: true);
        var copy = at.Disks.Scratch();
        try
        {
            await at.Guests.Copy(writer, from.File, copy, ct);
            return await at.Disks.EnsureVolume(spec with { Copy = copy }, ct);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task<TimeSpan?> Remove(VolumePlan want, string? user, CancellationToken ct)
    {
        if (user is not null) throw new EngineFault("disks", "volume", $"server {user} still has the volume", transient: true);
        await at.Disks.EnsureVolumeGone(want.Id, ct);
        at.Board.Waits(Key.Volume(want.Id), null);
        at.Board.Set(new VolumeSeen { Id = want.Id, Generation = want.Generation, Gone = true });
        return null;
    }

    private void Show(VolumePlan want, DiskFile? file, string? user) => at.Board.Set(new VolumeSeen
    {
        Id = want.Id,
        Generation = want.Generation,
        Present = file is not null,
        SizeGib = (file?.SizeBytes ?? 0) / Gib,
        Content = file?.Content ?? 0,
        UsedByServer = user ?? "",
    });

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
