using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Guests;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Gets a host ready for a guest that comes from another one while it runs: an empty disk of the right size and the config drive. The guest itself is not touched before it runs here.</summary>
internal sealed class Arriving(Workplace at)
{
    /// <returns>false: it is here, and like any other from now on.</returns>
    public async Task<bool> Awaits(ServerPlan want, GuestSeen? seen, Mark mark, CancellationToken ct)
    {
        if (seen is not (null or { Power: GuestPower.Moving })) return false;
        if (seen is null && mark.EmptiedUnder != want.Generation)
        {
            if (!at.Step(want, "disk")) return true;
            if (want.Arrives.DiskBytes > 0) await at.Disks.MakeEmptyRoot(want.Id, want.RebuildCount, want.Arrives.DiskBytes, ct);
            if (!want.ConfigDrive.IsEmpty) await at.Disks.EnsureConfigDrive(want.Id, want.ConfigDrive.Memory, ct);
            mark = at.Marks.Set(want.Id, mark with { EmptiedUnder = want.Generation });
        }
        at.Show(want, null, mark, "move", null, shown => shown.Awaits = true);
        return true;
    }
}
