using System.Text.Json;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Metadata;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Wanted = Xiangyun.Protocol.Power;

namespace Xiangyun.Compute.Servers;

/// <summary>The servers' part of a host's plan: everything on that host that is not known to be gone.</summary>
internal sealed class ServerPlans(IPorts ports, IVolumes volumes, IHosts hosts) : IHostPlanPart
{
    /// <summary>Metadata key: <c>fail:VERB</c>, <c>stick:VERB</c>, <c>cpu:PERCENT</c>, <c>memory:PERCENT</c>, separated by commas.</summary>
    private const string Simulate = "xy:simulate";

    public async Task Contribute(Query q, string hostId, HostPlan plan)
    {
        var db = q.Db<ComputeDb>();
        var own = await db.Servers.Where(s => s.HostId == hostId && s.Seen != Power.Gone).ToListAsync();
        var held = await db.Places.Where(p => p.HostId == hostId).Join(db.Servers, p => p.ServerId, s => s.Id, (p, s) => new { Place = p, Server = s }).ToListAsync();
        var leave = held.Where(h => h.Place.Want == Power.Running).ToList();
        plan.Servers.AddRange(held.Except(leave).Select(h => Remains(h.Place, h.Server)));
        if (own.Count + leave.Count == 0) return;
        List<string> ids = [.. own.Select(s => s.Id), .. leave.Select(h => h.Server.Id)];
        var (nics, disks) = (await ports.OfServers(q, ids), await volumes.OfServers(q, ids));
        var tags = (await db.DeviceTags.Where(t => ids.Contains(t.ServerId)).OrderBy(t => t.DeviceId).ToListAsync()).ToLookup(t => t.ServerId);
        var left = await db.Places.Where(p => p.Want == Power.Running && ids.Contains(p.ServerId)).ToDictionaryAsync(p => p.ServerId);
        ServerPlan Whole(ServerRow s) => Of(s, [.. nics[s.Id]], [.. disks[s.Id]], tags[s.Id]);
        plan.Servers.AddRange(own.Select(s => left.TryGetValue(s.Id, out var place) && s.Want != Power.Gone ? Arrives(Whole(s), s, place) : Whole(s)).OfType<ServerPlan>());
        foreach (var h in leave) plan.Servers.Add(Leaves(Whole(h.Server), h.Place, h.Place.Awaited ? await hosts.Find(q, h.Server.HostId!) : null));
    }

    /// <summary>What is made ready here is known when the old host has told.</summary>
    private static ServerPlan? Arrives(ServerPlan one, ServerRow row, PlaceRow place)
    {
        if (place.DiskBytes == 0 && row.ImageId is not null) return null;
        one.Arrives = new Arriving { DiskBytes = place.DiskBytes };
        return one;
    }

    private static ServerPlan Leaves(ServerPlan one, PlaceRow place, HostView? awaitedBy)
    {
        one.Generation = place.Generation;
        one.Leaves = new Leaving { Address = awaitedBy?.MoveAddress ?? "" };
        return one;
    }

    /// <summary>What a server of another host left here.</summary>
    private static ServerPlan Remains(PlaceRow place, ServerRow row)
    {
        var before = Before.Of(row);
        var one = new ServerPlan
        {
            Id = row.Id, Name = row.Name, Generation = place.Generation, Power = Want(place.Want), Vcpus = before?.Vcpus ?? row.Vcpus, MemoryMib = before?.RamMib ?? row.RamMib,
            ProjectId = row.ProjectId, RebootCount = row.RebootCount, RebuildCount = row.RebuildCount,
        };
        if (row.ImageId is not null && before is not null) one.Root = Root(row, before.DiskImageId, before.DiskImageSha512, before.DiskGib);
        return one;
    }

    private static RootDisk Root(ServerRow s, string? diskImageId, string diskImageSha512, int sizeGib) => diskImageId is null
        ? new RootDisk { ImageId = s.ImageId, SizeGib = sizeGib, ImageSha512 = s.ImageSha512, ImageFormat = s.ImageFormat }
        : new RootDisk { ImageId = diskImageId, SizeGib = sizeGib, ImageSha512 = diskImageSha512, ImageFormat = "qcow2" };

    private static ServerPlan Of(ServerRow s, IReadOnlyList<PortView> ports, IReadOnlyList<AttachmentView> volumes, IEnumerable<DeviceTagRow> tags)
    {
        var plan = new ServerPlan
        {
            Id = s.Id, Name = s.Name, Generation = s.Generation, Power = Want(s.Want), Vcpus = s.Vcpus, MemoryMib = s.RamMib, ProjectId = s.ProjectId,
            RebootCount = s.RebootCount, RebootHard = s.RebootHard, RebuildCount = s.RebuildCount,
        };
        // A test, or somebody who tries the simulation out, says how a simulated host shall treat it; real hosts do not care.
        if (s.Metadata.Contains(Simulate, StringComparison.Ordinal) && JsonSerializer.Deserialize<Dictionary<string, string>>(s.Metadata)!.TryGetValue(Simulate, out var directive)) plan.FaultInjection = directive;
        // The disk grows when a resize is confirmed: until then it can be what it was.
        if (s.ImageId is not null) plan.Root = Root(s, s.DiskImageId, s.DiskImageSha512, Before.Of(s)?.DiskGib ?? s.DiskGib);
        if (s.RescueImageId is not null)
        {
            plan.Rescue = new RootDisk { ImageId = s.RescueImageId, ImageSha512 = s.RescueImageSha512, ImageFormat = s.RescueImageFormat };
            foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(s.RescueImageProperties)!.OrderBy(p => p.Key, StringComparer.Ordinal)) plan.RescueProperties.Add(key, value);
        }
        plan.Nics.AddRange(ports.OrderBy(p => p.Id, StringComparer.Ordinal).Select(p => new NicPlan { PortId = p.Id, Mac = p.Mac, Mtu = p.Mtu, NetworkId = p.NetworkId, FixedIps = { p.Fixed.Select(f => f.Ip) } }));
        plan.Disks.AddRange(volumes.Where(v => v.State != "detaching").OrderBy(v => v.Device, StringComparer.Ordinal)
            .Select(v => new DiskPlan { VolumeId = v.VolumeId, Device = v.Device[(v.Device.LastIndexOf('/') + 1)..], BootIndex = v.BootIndex, Content = v.Content, Shared = v.Shared }));
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(s.ImageProperties)!.OrderBy(p => p.Key, StringComparer.Ordinal)) plan.ImageProperties.Add(key, value);
        if (s.Want == Power.Gone) return plan;
        var files = GuestMetadata.Of(s, ports, volumes, tags).ToList();
        foreach (var (path, body) in files) plan.Metadata.Add(path, ByteString.CopyFromUtf8(body));
        if (s.ConfigDrive || s.Personality != "[]") plan.ConfigDrive = ByteString.CopyFrom(Iso9660.Build("config-2", files.Where(f => f.Path.StartsWith("openstack/", StringComparison.Ordinal))
            .ToDictionary(f => f.Path, f => System.Text.Encoding.UTF8.GetBytes(f.Body)), s.CreatedAt));
        return plan;
    }

    private static Wanted Want(string want) => want switch
    {
        Power.Running => Wanted.Running, Power.Stopped => Wanted.Stopped, Power.Paused => Wanted.Paused, Power.Suspended => Wanted.Suspended, _ => Wanted.Gone,
    };
}
