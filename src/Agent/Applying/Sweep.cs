using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Kernel;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// Finds what is on the host but in no plan, reports it, and removes it only after a grace period during which it stayed so.
/// While there is no plan at all nothing is removed: a lost ledger must not cost a disk.
/// </summary>
internal sealed class Sweep(Workplace at, TimeSpan grace)
{
    private readonly Dictionary<string, long> _since = [];

    /// <returns>true = something was removed or is waiting for its end.</returns>
    public async Task<bool> Once(CancellationToken ct)
    {
        var guests = await at.Guests.List(ct);
        var roots = await at.Disks.Roots(ct);
        var volumes = await at.Disks.Volumes(ct);
        var images = await at.Disks.Images(ct);
        var networks = await at.Metadata.List(ct);
        var plan = at.Plan; // read after the lists: what a plan has just created is not an orphan of the plan before
        var orphans = guests.Union(roots).Where(id => !plan.Servers.ContainsKey(id)).Select(id => "server:" + id)
            .Concat(volumes.Where(id => !plan.Volumes.ContainsKey(id)).Select(id => "volume:" + id)).ToList();
        var idle = orphans.Exists(o => o[0] == 's') ? [] : images.Where(id => !Uses(plan, id)).Select(id => "image:" + id).ToList();
        at.Board.Orphans(orphans);
        foreach (var network in networks.Where(n => plan.Generation > 0 && !plan.Networks.ContainsKey(n))) at.Poke(Key.Network(network));
        await Remove(plan, [.. orphans, .. idle], ct);
        return _since.Count > 0;
    }

    private async Task Remove(Plan plan, List<string> found, CancellationToken ct)
    {
        var now = at.Clock.Ms();
        foreach (var gone in _since.Keys.Except(found).ToList()) _since.Remove(gone);
        foreach (var orphan in found) _since.TryAdd(orphan, now);
        if (plan.Generation == 0) return;
        foreach (var orphan in found.Where(o => now - _since[o] >= grace.TotalMilliseconds))
        {
            var id = orphan[(orphan.IndexOf(':') + 1)..];
            if (at.Plan.Servers.ContainsKey(id) || at.Plan.Volumes.ContainsKey(id)) continue;
            at.Log.OrphanRemoved(at.Host, orphan, grace);
            await RemoveOne(orphan[0], id, ct);
            _since.Remove(orphan);
        }
    }

    private async Task RemoveOne(char kind, string id, CancellationToken ct)
    {
        if (kind == 'v') await at.Disks.EnsureVolumeGone(id, ct);
        else if (kind == 'i') await at.Disks.EnsureImageGone(id, ct);
        else
        {
            await at.Guests.EnsureGone(id, ct);
            await at.Disks.EnsureRootGone(id, ct);
            at.Marks.Drop(id);
        }
    }

    private static bool Uses(Plan plan, string imageId) =>
        plan.Servers.Values.Any(s => s.Root?.ImageId == imageId || s.Rescue?.ImageId == imageId) || plan.Volumes.Values.Any(v => v.Source?.ImageId == imageId);
}
