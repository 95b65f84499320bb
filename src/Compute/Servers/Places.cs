using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Compute.Servers;

/// <summary>What hosts hold of servers that are not theirs (any more): kept for a way back, or removed when the host is there to do so.</summary>
internal static class Places
{
    public static async Task Leave(Tx tx, ServerRow row, string hostId, string want)
    {
        await Drop(tx, row.Id, hostId);
        tx.Db<ComputeDb>().Add(new PlaceRow { ServerId = row.Id, HostId = hostId, Want = want, Generation = row.Generation + 1 });
        await tx.Save();
        tx.Wake(FleetWork.Host, hostId);
    }

    /// <summary>The server goes to another host, and its own one keeps this of it.</summary>
    public static async Task Depart(Tx tx, ServerRow row, string target, string want)
    {
        await Drop(tx, row.Id, target);
        await Leave(tx, row, row.HostId!, want);
        tx.Wake(FleetWork.Host, target);
    }

    public static async Task Drop(Tx tx, string serverId, string hostId)
    {
        if (await tx.Db<ComputeDb>().Places.Where(p => p.ServerId == serverId && p.HostId == hostId).ExecuteDeleteAsync() > 0) tx.Wake(FleetWork.Host, hostId);
    }

    /// <summary>The server's own host is ready for it: the one that it leaves may let it go.</summary>
    public static async Task Await(Tx tx, string serverId, string hostId)
    {
        if (await tx.Db<ComputeDb>().Places.Where(p => p.ServerId == serverId && p.HostId == hostId && p.Want == Power.Running && !p.Awaited)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.Awaited, true)) > 0) tx.Wake(FleetWork.Host, hostId);
    }

    /// <summary>Nothing is kept for a way back any more.</summary>
    public static async Task Clear(Tx tx, string serverId)
    {
        var kept = await tx.Db<ComputeDb>().Places.Where(p => p.ServerId == serverId && p.Want != Power.Gone).Select(p => p.HostId).ToListAsync();
        await tx.Db<ComputeDb>().Places.Where(p => p.ServerId == serverId && p.Want != Power.Gone)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.Want, Power.Gone).SetProperty(p => p.Generation, p => p.Generation + 1));
        foreach (var host in kept) tx.Wake(FleetWork.Host, host);
    }

    /// <summary>Under this name it is told how far a guest is on its way to another host.</summary>
    public static string Progress(string serverId) => "move:" + serverId;

    public static async Task Seen(Tx tx, PlaceRow place, ServerSeen report, string power)
    {
        var generation = report.Generation;
        if (generation < place.Generation) return;
        var mine = tx.Db<ComputeDb>().Places.Where(p => p.ServerId == place.ServerId && p.HostId == place.HostId && p.Generation == place.Generation);
        if (power == Power.Gone && place.Want == Power.Gone)
        {
            if (await mine.ExecuteDeleteAsync() > 0) tx.Wake(FleetWork.Host, place.HostId);
        }
        else if (place.Want == Power.Running)
        {
            if (report.MoveBytes > 0) await Meters.Told(tx, Progress(place.ServerId), report.MovedBytes, report.MoveBytes);
            var fault = report.Fault is { Transient: false } f ? f.Message : null;
            if (power == place.Seen && generation == place.SeenGeneration && report.DiskBytes == place.DiskBytes && fault == place.Fault) return;
            await mine.ExecuteUpdateAsync(s => s.SetProperty(p => p.Seen, power).SetProperty(p => p.SeenGeneration, generation).SetProperty(p => p.Fault, fault)
                .SetProperty(p => p.DiskBytes, p => report.DiskBytes > 0 ? report.DiskBytes : p.DiskBytes));
            if (report.DiskBytes > 0 && place.DiskBytes == 0 && await tx.Db<ComputeDb>().Servers.Where(s => s.Id == place.ServerId).Select(s => s.HostId).SingleOrDefaultAsync() is { } target) tx.Wake(FleetWork.Host, target);
            tx.Wake(ServerStore.WorkKind, place.ServerId);
        }
        else if (power != place.Seen || generation != place.SeenGeneration)
        {
            await mine.ExecuteUpdateAsync(s => s.SetProperty(p => p.Seen, power).SetProperty(p => p.SeenGeneration, generation));
        }
    }
}
