using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Public;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>The face that Compute sees.</summary>
internal sealed class PortFace : IPorts
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<PortView>> Take(Tx tx, Actor actor, string serverId, IReadOnlyList<NicRequest> nics, IReadOnlyList<string>? securityGroups, string zone, string hostname)
    {
        var ids = new List<string>();
        foreach (var nic in nics)
            ids.Add(nic.PortId is { } port ? await TakeExisting(tx, actor, serverId, port, zone) : await TakeNew(tx, actor, serverId, nic, securityGroups, zone, hostname));
        var views = (await PortViews.Of(tx, await tx.Db<NetworkDb>().Ports.Where(p => ids.Contains(p.Id)).ToListAsync())).ToDictionary(v => v.Id);
        return [.. ids.Select(id => views[id])];
    }

    private static async Task<string> TakeExisting(Tx tx, Actor actor, string serverId, string portId, string zone)
    {
        await PortStore.Find(tx, actor, portId);
        var port = await tx.Hold<PortRow>(portId) ?? throw Rest.NotFound.Port(portId);
        if (!actor.MaySee(port.ProjectId)) throw Rest.NotFound.Port(portId);
        if (port.DeviceId.Length > 0) throw CloudError.Conflict($"Port {portId} is still in use.", "PortInUse");
        port.DeviceId = serverId;
        port.DeviceOwner = PortOwners.Compute + zone;
        await tx.Put(port);
        PortStore.Wake(tx, port);
        return port.Id;
    }

    private static async Task<string> TakeNew(Tx tx, Actor actor, string serverId, NicRequest nic, IReadOnlyList<string>? securityGroups, string zone, string hostname)
    {
        var network = await NetworkStore.Find(tx, actor, nic.NetworkId ?? throw CloudError.Invalid("A network interface needs a network or a port."));
        if (network.External && !network.Shared && !actor.IsAdmin && !await Shares.Includes(tx, actor.ProjectId, network.Id))
            throw CloudError.Forbidden($"It is not allowed to create an interface on external network {network.Id}", "ExternalNetworkAttachForbidden");
        if (!await tx.Db<NetworkDb>().Subnets.AnyAsync(s => s.NetworkId == network.Id))
            throw CloudError.Invalid($"Network {network.Id} requires a subnet in order to boot instances on.", "NetworkRequiresSubnet");
        var groups = !network.PortSecurityEnabled ? [] : securityGroups is { Count: > 0 } ? await Groups.FindByNameOrId(tx, actor, securityGroups) : null;
        var port = await PortStore.Make(tx, new PortWish(network, actor.ProjectId!)
        {
            DeviceId = serverId, DeviceOwner = PortOwners.Compute + zone, MadeByCompute = true, DnsName = hostname, Groups = groups,
            Fixed = nic.FixedIp is null ? null : [new AddressWish(null, nic.FixedIp)],
        });
        return port.Id;
    }

    public async Task<string?> DeviceOf(Query q, string portId) =>
        await q.Db<NetworkDb>().Ports.Where(p => p.Id == portId && p.DeviceId != "").Select(p => p.DeviceId).SingleOrDefaultAsync();

    public async Task<IReadOnlyList<NicRequest>> Auto(Query q, Actor actor)
    {
        var db = q.Db<NetworkDb>();
        var usable = db.Networks.Where(n => !n.External && db.Subnets.Any(s => s.NetworkId == n.Id));
        var found = await usable.Where(n => n.ProjectId == actor.ProjectId).OrderBy(n => n.Id).Take(2).Select(n => n.Id).ToListAsync();
        var shared = Shares.With(q, actor.ProjectId);
        if (found.Count == 0) found = await usable.Where(n => n.Shared || shared.Contains(n.Id)).OrderBy(n => n.Id).Take(2).Select(n => n.Id).ToListAsync();
        if (found.Count > 1) throw CloudError.Conflict("Multiple possible networks found, use a Network ID to be more specific.", "NetworkAmbiguous");
        return [.. found.Select(id => new NicRequest(id, null, null))];
    }

    public async Task Bind(Tx tx, string serverId, string? hostId)
    {
        foreach (var id in await Of(tx, [serverId]).Select(p => p.Id).ToListAsync())
            if (await tx.Hold<PortRow>(id) is { } port) await PortStore.Bind(tx, port, hostId);
    }

    public async Task Moves(Tx tx, string serverId, string hostId)
    {
        foreach (var id in await Of(tx, [serverId]).Select(p => p.Id).ToListAsync())
        {
            if (await tx.Hold<PortRow>(id) is not { } port) continue;
            port.MovesTo = hostId;
            await tx.Put(port);
            PortStore.Wake(tx, port);
        }
    }

    public async Task Release(Tx tx, string serverId, string? portId = null)
    {
        foreach (var id in await Of(tx, [serverId]).Where(p => portId == null || p.Id == portId).Select(p => p.Id).ToListAsync())
        {
            if (await tx.Hold<PortRow>(id) is not { } port) continue;
            if (port.MadeByCompute)
            {
                await PortStore.Erase(tx, port);
                continue;
            }
            port.DeviceId = port.DeviceOwner = "";
            if (port.HostId is null) await tx.Put(port);
            await PortStore.Bind(tx, port, null);
            PortStore.Wake(tx, port);
        }
    }

    public async Task SetGroup(Tx tx, Actor actor, string serverId, string group, bool add)
    {
        var id = (await Groups.FindByNameOrId(tx, actor, [group]))[0];
        var held = new List<(PortRow Port, List<string> Groups)>();
        foreach (var portId in await Of(tx, [serverId]).Select(p => p.Id).ToListAsync())
            if (await tx.Hold<PortRow>(portId) is { PortSecurityEnabled: true } port)
                held.Add((port, await tx.Db<NetworkDb>().PortGroups.Where(g => g.PortId == portId).Select(g => g.GroupId).ToListAsync()));
        if (!add && !held.Any(h => h.Groups.Contains(id))) throw CloudError.NotFound($"Security group {group} not associated with the instance {serverId}", "SecurityGroupNotFound");
        foreach (var (port, groups) in held.Where(h => h.Groups.Contains(id) != add))
        {
            await tx.Put(port);
            await PortStore.SetGroups(tx, port, add ? [.. groups, id] : [.. groups.Where(g => g != id)]);
            PortStore.Wake(tx, port);
        }
    }

    public async Task<IReadOnlyList<PortView>> OfServer(Query q, string serverId) => await PortViews.Of(q, await Of(q, [serverId]).ToListAsync());

    public async Task<ILookup<string, PortView>> OfServers(Query q, IReadOnlyCollection<string> serverIds) =>
        (await PortViews.Of(q, await Of(q, serverIds).ToListAsync())).ToLookup(v => v.DeviceId!);

    public Task<ILookup<string, ShownPort>> ShownOn(Query q, IReadOnlyCollection<string> serverIds) => PortViews.Shown(q, Of(q, serverIds));

    public async Task<IReadOnlyList<string>> ServersWithAddress(Query q, string? projectId, string pattern)
    {
        Regex regex;
        try
        {
            regex = new Regex(pattern, RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (ArgumentException e)
        {
            throw new CloudError(ErrorKind.Invalid, $"'{pattern}' is no regular expression.", e);
        }
        var db = q.Db<NetworkDb>();
        var ports = db.Ports.Where(p => p.DeviceOwner.StartsWith(PortOwners.Compute) && (projectId == null || p.ProjectId == projectId));
        var owned = await ports.Join(db.Addresses, p => p.Id, a => a.PortId, (p, a) => new { p.DeviceId, a.Ip }).ToListAsync();
        owned.AddRange(await ports.Join(db.FloatingIps, p => p.Id, f => f.PortId, (p, f) => new { p.DeviceId, f.Ip }).ToListAsync());
        return [.. owned.Where(o => regex.IsMatch(o.Ip)).Select(o => o.DeviceId).Distinct()];
    }

    private static IQueryable<PortRow> Of(Query q, IReadOnlyCollection<string> serverIds) =>
        q.Db<NetworkDb>().Ports.Where(p => serverIds.Contains(p.DeviceId) && p.DeviceOwner.StartsWith(PortOwners.Compute)).OrderBy(p => p.Id);
}
