using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Fleet.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Wanted = Xiangyun.Protocol.Power;

namespace Xiangyun.Compute.Servers;

/// <summary>Stores what hosts report of servers, guarded by the generation: a late report never overwrites a newer one.</summary>
internal sealed class ServerReports(IVolumes volumes, ServerRemoval removal) : ISeenIntake
{
    public async Task Take(Tx tx, string hostId, Seen seen)
    {
        if (seen.Servers.Count == 0) return;
        var ids = seen.Servers.Select(s => s.Id).ToList();
        var rows = await tx.Db<ComputeDb>().Servers.Where(s => ids.Contains(s.Id) && s.HostId == hostId).ToDictionaryAsync(s => s.Id);
        var places = await tx.Db<ComputeDb>().Places.Where(p => ids.Contains(p.ServerId) && p.HostId == hostId).ToDictionaryAsync(p => p.ServerId);
        foreach (var report in seen.Servers)
            if (places.TryGetValue(report.Id, out var place)) await Places.Seen(tx, place, report, Name(report.Power));
            else if (rows.TryGetValue(report.Id, out var row)) await One(tx, row, report);
    }

    private async Task One(Tx tx, ServerRow row, ServerSeen report)
    {
        if (report.Generation < row.SeenGeneration) return;
        if (report.Awaits && report.Generation == row.Generation && Before.Of(row) is { Live: true } before) await Places.Await(tx, row.Id, before.HostId);
        var power = Name(report.Power);
        if (power == Power.Gone && row.Want != Power.Gone) return; // of an earlier stay on this host, which is cleaned up before the server comes back
        var fault = report.Fault is { Transient: false } f ? Words(f) : null;
        var (want, generation) = (row.Want, row.Generation);
        if (report.Generation == row.Generation && row.Want == Power.Running && power == Power.Stopped && (report.Progress is "stopped itself" or "crashed") && fault is null && report.RebootCount == row.RebootCount)
        {
            // It stopped by itself (the agent says so; after a host failure it is only not started yet): what its owner did inside is wanted now, as in Nova.
            (want, generation) = (Power.Stopped, row.Generation + 1);
            tx.Wake(FleetWork.Host, row.HostId!);
        }
        await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.SeenGeneration, report.Generation).SetProperty(x => x.Seen, power).SetProperty(x => x.SeenRebootCount, report.RebootCount)
            .SetProperty(x => x.SeenRebuildCount, report.RebuildCount).SetProperty(x => x.SeenFault, fault).SetProperty(x => x.SeenProgress, report.Progress)
            .SetProperty(x => x.SeenAt, tx.Now).SetProperty(x => x.Want, want).SetProperty(x => x.Generation, generation));
        if (power == Power.Gone && row.Want == Power.Gone)
        {
            await removal.Finish(tx, row.Id);
            return;
        }
        await volumes.Seen(tx, row.Id, [.. report.VolumeIds]);
        if (power != row.Seen || fault != row.SeenFault || report.Generation != row.SeenGeneration) tx.Wake(ServerStore.WorkKind, row.Id);
    }

    private static string Words(Fault f) => $"{f.Engine} could not {f.Verb} the server: {f.Message}";

    private static string Name(Wanted power) => power switch
    {
        Wanted.Running => Power.Running, Wanted.Stopped => Power.Stopped, Wanted.Paused => Power.Paused, Wanted.Suspended => Power.Suspended, Wanted.Gone => Power.Gone, _ => Power.Unseen,
    };
}
