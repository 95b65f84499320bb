using System.Text.Json;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Metadata;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Wanted = Xiangyun.Protocol.Power;

namespace Xiangyun.Compute.Servers;

/// <summary>The servers' part of a host's plan: everything on that host that is not known to be gone.</summary>
internal sealed class ServerPlans(IPorts ports, IVolumes volumes) : IHostPlanPart
{
    public async Task Contribute(Query q, string hostId, HostPlan plan)
    {
        var rows = await q.Db<ComputeDb>().Servers.Where(s => s.HostId == hostId && s.Seen != Power.Gone).ToListAsync();
        if (rows.Count == 0) return;
        var ids = rows.Select(r => r.Id).ToList();
        var (nics, disks) = (await ports.OfServers(q, ids), await volumes.OfServers(q, ids));
        foreach (var row in rows) plan.Servers.Add(Of(row, [.. nics[row.Id]], [.. disks[row.Id]]));
    }

    private static ServerPlan Of(ServerRow s, IReadOnlyList<PortView> ports, IReadOnlyList<AttachmentView> volumes)
    {
        var plan = new ServerPlan
        {
            Id = s.Id, Name = s.Name, Generation = s.Generation, Power = Want(s.Want), Vcpus = s.Vcpus, MemoryMib = s.RamMib, ProjectId = s.ProjectId,
            RebootCount = s.RebootCount, RebootHard = s.RebootHard, RebuildCount = s.RebuildCount,
        };
        if (s.ImageId is not null) plan.Root = new RootDisk { ImageId = s.ImageId, SizeGib = s.DiskGib, ImageSha512 = s.ImageSha512, ImageFormat = s.ImageFormat };
        plan.Nics.AddRange(ports.OrderBy(p => p.Id, StringComparer.Ordinal).Select(p => new NicPlan { PortId = p.Id, Mac = p.Mac, Mtu = p.Mtu, NetworkId = p.NetworkId, FixedIps = { p.Fixed.Select(f => f.Ip) } }));
        plan.Disks.AddRange(volumes.Where(v => v.State != "detaching").OrderBy(v => v.Device, StringComparer.Ordinal)
            .Select(v => new DiskPlan { VolumeId = v.VolumeId, Device = v.Device[(v.Device.LastIndexOf('/') + 1)..], BootIndex = v.BootIndex }));
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(s.ImageProperties)!.OrderBy(p => p.Key, StringComparer.Ordinal)) plan.ImageProperties.Add(key, value);
        if (s.Want == Power.Gone) return plan;
        var files = GuestMetadata.Of(s, ports).ToList();
        foreach (var (path, body) in files) plan.Metadata.Add(path, ByteString.CopyFromUtf8(body));
        if (s.ConfigDrive) plan.ConfigDrive = ByteString.CopyFrom(Iso9660.Build("config-2", files.Where(f => f.Path.StartsWith("openstack/", StringComparison.Ordinal))
            .ToDictionary(f => f.Path, f => System.Text.Encoding.UTF8.GetBytes(f.Body)), s.CreatedAt));
        return plan;
    }

    private static Wanted Want(string want) => want switch
    {
        Power.Running => Wanted.Running, Power.Stopped => Wanted.Stopped, Power.Paused => Wanted.Paused, Power.Suspended => Wanted.Suspended, _ => Wanted.Gone,
    };
}
