using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Public;
using Xiangyun.Network.Subnets;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Network.Routers;

/// <summary>Makes the fabric's router with its ports, routes and address translation what the rows say.</summary>
internal sealed class RouterReconciler(Database database, INetworkFabric fabric, HostNames hosts) : IReconciler
{
    /// <summary>OVN checks each candidate with BFD: a few are enough.</summary>
    private const int MostGatewayHosts = 5;

    public string Kind => NetworkWork.Router;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, plan, floating) = await database.Read(q => Want(q, id), ct);
        if (row is null)
        {
            await fabric.EnsureGone(new FabricObject(FabricKind.Router, id), ct);
            return Next.Done;
        }
        await fabric.Ensure(plan!, ct);
        await database.Write(Actor.System, async tx =>
        {
            await tx.Seen(row);
            foreach (var ip in floating)
                if (await tx.Seen(ip) && ip.ObservedGeneration != ip.Generation) tx.Changed(IPorts.PortChanged, ip.PortId ?? ip.OwnPortId);
        }, ct);
        return Next.Done;
    }

    private async Task<(RouterRow?, RouterPlan?, List<FloatingIpRow>)> Want(Query q, string id)
    {
        var db = q.Db<NetworkDb>();
        var row = await db.Routers.SingleOrDefaultAsync(r => r.Id == id);
        if (row is null) return (null, null, []);
        var inner = await RouterStore.Legs(q, id, PortOwners.RouterInterface);
        var outer = await RouterStore.Legs(q, id, PortOwners.RouterGateway);
        var floating = await db.FloatingIps.Where(f => f.RouterId == id).ToListAsync();
        var macs = await db.Ports.Where(p => floating.Select(f => f.OwnPortId).Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Mac);
        var chassis = outer.Count == 0 ? [] : Candidates(id, await hosts.All(q));
        var routes = JsonText.List<HostRoute>(row.Routes).Select(r => (r.Destination, r.Nexthop));
        foreach (var way in outer.Where(l => l.Subnet.GatewayIp is not null).DistinctBy(l => l.Subnet.IpVersion)) routes = routes.Append((way.Subnet.IpVersion == 4 ? "0.0.0.0/0" : "::/0", way.Subnet.GatewayIp!));
        var mtus = await db.Networks.Where(n => inner.Select(l => l.Port.NetworkId).Contains(n.Id)).ToDictionaryAsync(n => n.Id, n => n.Mtu);
        return (row, new RouterPlan(id, row.AdminStateUp)
        {
            Ports = [.. Ports(inner, [], mtus), .. Ports(outer, chassis, mtus)],
            Routes = [.. routes.DistinctBy(r => r.Item1)],
            Snat = outer.FirstOrDefault(l => l.Subnet.IpVersion == 4) is { } door && row.EnableSnat
                ? [.. inner.Where(l => l.Subnet.IpVersion == 4).Select(l => new SnatPlan(l.Subnet.Id, l.Subnet.Cidr, door.Address.Ip))] : [],
            Forwards = await Forwards(db, floating),
            Limits = outer.FirstOrDefault() is { } exit ? await Limits(db, exit.Port, floating) : [],
            Floating = [.. floating.Where(f => f.PortId is not null).Select(f => new FloatingPlan(f.Id, f.Ip, macs[f.OwnPortId], f.FixedIp!, f.PortId!))],
        }, floating);
    }

    private static async Task<IReadOnlyList<ForwardPlan>> Forwards(NetworkDb db, List<FloatingIpRow> floating)
    {
        var ips = floating.Where(f => f.PortId is null).ToDictionary(f => f.Id, f => f.Ip);
        var ids = ips.Keys.ToList();
        return [.. (await db.Forwardings.Where(f => ids.Contains(f.FloatingIpId)).ToListAsync()).Select(f => new ForwardPlan(f.Id, f.Protocol, ips[f.FloatingIpId], f.ExternalPort, f.InternalIp, f.InternalPort))];
    }

    private static async Task<IReadOnlyList<LimitPlan>> Limits(NetworkDb db, PortRow exit, List<FloatingIpRow> floating)
    {
        var followed = floating.Select(f => f.QosPolicyId).OfType<string>().Distinct().ToList();
        if (followed.Count == 0) return [];
        var rules = (await db.QosRules.Where(r => followed.Contains(r.PolicyId)).OrderBy(r => r.Id).ToListAsync()).ToLookup(r => r.PolicyId);
        return [.. floating.Where(f => f.QosPolicyId is not null).Select(f => new LimitPlan(f.Id, f.Ip, exit.Id, exit.NetworkId, Qos.Policies.ForFloating(rules[f.QosPolicyId!])))];
    }

    private static IEnumerable<RouterPortPlan> Ports(List<RouterLeg> legs, IReadOnlyList<string> chassis, Dictionary<string, int> mtus) => legs.GroupBy(l => l.Port.Id)
        .Select(g => new RouterPortPlan(g.Key, g.First().Port.Mac, [.. g.Select(l => $"{l.Address.Ip}/{Cidr.Of(l.Subnet.Cidr).Prefix}")], chassis,
            g.Select(l => l.Subnet.RaMode).FirstOrDefault(m => m is not null), mtus.GetValueOrDefault(g.First().Port.NetworkId)));

    /// <summary>Spread by router, so that not one host carries all; a host that does not answer stays, but last.</summary>
    private static IReadOnlyList<string> Candidates(string routerId, IReadOnlyList<Fleet.Public.HostView> all) =>
        [.. all.Where(h => !h.Simulated && h.Chassis.Length > 0).OrderByDescending(h => h.Alive).ThenBy(h => Id.From(routerId + h.Chassis), StringComparer.Ordinal).Take(MostGatewayHosts).Select(h => h.Chassis)];

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<NetworkDb>().Routers.Select(r => r.Id).ToListAsync();
}
