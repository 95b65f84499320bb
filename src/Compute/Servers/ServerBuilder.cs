using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Groups;
using Xiangyun.Compute.Quotas;
using Xiangyun.Compute.Tags;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Compute.Servers;

/// <summary>
/// Makes servers: row, quota, allocation, ports, audit and the wake-up of the host in one transaction. When no host can
/// take one it exists with the fault that says why, host by host, and holds nothing.
/// </summary>
internal sealed class ServerBuilder(IAllocations allocations, BootDisks disks, IPorts ports, IHosts hosts, GroupPlacement groups)
{
    internal sealed record Plan(FlavorRow Flavor, BootDisk Boot, string? PublicKey, Demand Demand);

    public async Task<Plan> Check(Query q, Actor actor, ServerRequest r)
    {
        var flavor = await FlavorStore.Visible(q, actor, all: true).SingleOrDefaultAsync(f => f.Id == r.FlavorId) ?? throw CloudError.Invalid($"Flavor {r.FlavorId} could not be found.");
        var boot = await disks.Check(q, actor, r);
        if (boot.Image is { } image) Fits(flavor, image);
        var key = r.KeyName is null ? null : await q.Db<ComputeDb>().Keypairs.SingleOrDefaultAsync(k => k.UserId == actor.UserId && k.Name == r.KeyName)
            ?? throw CloudError.Invalid($"Invalid key_name provided: there is no keypair named {r.KeyName}.");
        var limit = (await ComputeQuota.Limits(q, actor.ProjectId!))["metadata_items"];
        if (limit >= 0 && r.Metadata.Count > limit) throw CloudError.OverLimit($"Quota exceeded for metadata_items: requested {r.Metadata.Count}, the limit is {limit}.");
        return new Plan(flavor, boot, key?.PublicKey, await Demanded(q, actor, r, flavor, boot));
    }

    private static void Fits(FlavorRow flavor, ImageView image)
    {
        if (flavor.RamMib < image.MinRamMib) throw CloudError.Invalid($"Flavor's memory is too small for requested image: the image needs {image.MinRamMib} MiB, the flavor has {flavor.RamMib} MiB.");
        var needs = Math.Max(image.MinDiskGib, (image.VirtualSize + (1L << 30) - 1) >> 30);
        if (flavor.DiskGib > 0 && flavor.DiskGib < needs) throw CloudError.Invalid($"Flavor's disk is too small for requested image: the image needs {needs} GiB, the flavor has {flavor.DiskGib} GiB.");
    }

    /// <summary>What is missing in the network is the request's fault here, not the address's.</summary>
    private async Task<IReadOnlyList<PortView>> Take(Tx tx, string id, IReadOnlyList<NicRequest> nics, IReadOnlyList<string>? groups, string zone, string hostname)
    {
        try
        {
            return await ports.Take(tx, tx.Actor, id, nics, groups, zone, hostname);
        }
        catch (CloudError e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new CloudError(ErrorKind.Invalid, e.Message, e);
        }
    }

    private async Task<Demand> Demanded(Query q, Actor actor, ServerRequest r, FlavorRow flavor, BootDisk boot)
    {
        IReadOnlySet<string>? only = null;
        var all = await hosts.All(q);
        if (r.Zone is not null && r.Zone != "nova" && all.All(h => h.Zone != r.Zone)) throw CloudError.Invalid("The requested availability zone is not available");
        if (r.Host is { } name)
        {
            only = all.Where(h => h.Name == name).Select(h => h.Id).ToHashSet();
            if (only.Count == 0) throw CloudError.Invalid($"Compute host {name} could not be found.");
        }
        if (boot.OnlyHostId is { } held)
        {
            if (only?.Contains(held) == false) throw CloudError.Invalid("Block Device Mapping is Invalid: the volumes are files on another host than the one that was asked for.");
            only = new HashSet<string> { held };
        }
        return new Demand
        {
            ConsumerId = "", ProjectId = actor.ProjectId!, UserId = actor.UserId, Zone = r.Zone == "nova" ? null : r.Zone, Arch = boot.Properties.GetValueOrDefault("hw_architecture") ?? boot.Properties.GetValueOrDefault("architecture"),
            Only = only, OnlyBecause = r.Host is not null ? $"is not {r.Host}, which was asked for" : only is null ? null : "does not hold the volume that the server needs",
            Resources = new Dictionary<string, long> { ["VCPU"] = flavor.Vcpus, ["MEMORY_MB"] = flavor.RamMib, ["DISK_GB"] = (boot.Image is null ? 0 : flavor.DiskGib) + flavor.EphemeralGib },
        };
    }

    public async Task<IReadOnlyList<ServerRow>> Create(Tx tx, ServerRequest r, string verb)
    {
        var actor = tx.Actor;
        var plan = await Check(tx, actor, r);
        await ComputeQuota.CheckServers(tx, actor.ProjectId!, r.Max, (long)plan.Flavor.Vcpus * r.Max, (long)plan.Flavor.RamMib * r.Max);
        var nics = r.Nics ?? await ports.Auto(tx, actor);
        var reservation = "r-" + Id.New()[^8..];
        var made = new List<ServerRow>();
        for (var i = 1; i <= r.Max; i++) made.Add(await One(tx, r, plan, nics, r.Max == 1 ? r.Name : $"{r.Name}-{i}", i - 1, reservation, verb));
        return made;
    }

    private async Task<ServerRow> One(Tx tx, ServerRequest r, Plan plan, IReadOnlyList<NicRequest> nics, string name, int index, string reservation, string verb)
    {
        var (actor, id) = (tx.Actor, Id.New());
        await ComputeQuota.CheckGroup(tx, actor.ProjectId!, r.Extras.Hints.GroupId);
        var demand = await groups.ForNew(tx, actor, plan.Demand with { ConsumerId = id }, r.Extras.Hints);
        var verdicts = await allocations.TryClaim(tx, demand);
        var placed = verdicts.FirstOrDefault() is { Fits: true } best ? best : null;
        var row = new ServerRow
        {
            Id = id, ProjectId = actor.ProjectId!, UserId = actor.UserId, Name = name, ReservationId = reservation, CreatedAt = tx.Now, UpdatedAt = tx.Now, WantedAt = tx.Now,
            HostId = placed?.HostId, Zone = r.Zone ?? "nova", ImageId = plan.Boot.Image?.Id, ImageSha512 = plan.Boot.Image?.Sha512 ?? "", ImageFormat = plan.Boot.Image?.DiskFormat ?? "",
            ImageProperties = JsonSerializer.Serialize(plan.Boot.Properties.Where(p => p.Key.StartsWith("hw_", StringComparison.Ordinal)).OrderBy(p => p.Key).ToDictionary()),
            FlavorId = plan.Flavor.Id, Vcpus = plan.Flavor.Vcpus, RamMib = plan.Flavor.RamMib, DiskGib = plan.Flavor.DiskGib, KeyName = r.KeyName, PublicKey = plan.PublicKey, UserData = r.UserData, ConfigDrive = r.ConfigDrive,
            Metadata = JsonSerializer.Serialize(r.Metadata), AccessIpv4 = r.AccessIpv4, AccessIpv6 = r.AccessIpv6, Personality = Servers.Personality.Text(r.Personality),
            Description = r.Extras.Description, Hostname = r.Extras.Hostname, DiskConfig = r.Extras.DiskConfig, LaunchIndex = index,
            Fault = placed is null ? allocations.Words(verdicts) : null, FaultAt = placed is null ? tx.Now : null,
        };
        tx.Db<ComputeDb>().Add(row);
        foreach (var tag in r.Extras.Tags) tx.Db<ComputeDb>().Add(new TagRow { ServerId = id, Tag = tag });
        if (r.Extras.Hints.GroupId is { } group) tx.Db<ComputeDb>().Add(new GroupMemberRow { ServerId = id, GroupId = group });
        ServerActionRow.Add(tx, id, row.ProjectId, "create", row.Fault, placed is null ? allocations.Details(verdicts) : null);
        tx.Audit(verb, "server", id, row.ProjectId, new { name, flavor = row.FlavorId, image = row.ImageId, host = placed?.HostName });
        await tx.Save(); // the next server of this request sees where this one is
        if (placed is null) return row;
        if (nics.Count > 0)
        {
            var taken = await Take(tx, id, nics, r.SecurityGroups, row.Zone, ServerParts.Hostname(row));
            foreach (var (nic, port) in nics.Zip(taken))
                if (nic.Tag is not null) tx.Db<ComputeDb>().Add(new DeviceTagRow { ServerId = id, Kind = DeviceTagRow.Port, DeviceId = port.Id, Tag = nic.Tag });
        }
        await disks.Attach(tx, actor, row, r.Devices);
        await ports.Bind(tx, id, placed.HostId);
        tx.Wake(FleetWork.Host, placed.HostId);
        tx.Wake(ServerStore.WorkKind, id);
        return row;
    }
}
