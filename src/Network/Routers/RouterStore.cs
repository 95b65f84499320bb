using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;

namespace Xiangyun.Network.Routers;

/// <summary>One leg of a router: its port there, the address it has and the subnet around it.</summary>
internal sealed record RouterLeg(PortRow Port, PortAddressRow Address, SubnetRow Subnet);

internal static class RouterStore
{
    public static IQueryable<RouterRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().Routers.AsQueryable();
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId);
    }

    public static async Task<RouterRow> Find(Query q, Actor actor, string id) =>
        await Visible(q, actor).SingleOrDefaultAsync(r => r.Id == id) ?? throw NotFound.Router(id);

    /// <summary>Legs of one owner kind (interfaces or gateway); a port with two addresses makes two.</summary>
    public static async Task<List<RouterLeg>> Legs(Query q, string routerId, string owner)
    {
        var db = q.Db<NetworkDb>();
        var found = await (from p in db.Ports
                           join a in db.Addresses on p.Id equals a.PortId
                           join s in db.Subnets on a.SubnetId equals s.Id
                           where p.DeviceId == routerId && p.DeviceOwner == owner
                           orderby p.Id, a.Position
                           select new { Port = p, Address = a, Subnet = s }).ToListAsync();
        return [.. found.Select(f => new RouterLeg(f.Port, f.Address, f.Subnet))];
    }

    public static async Task RefuseOverlap(Query q, string routerId, SubnetRow subnet)
    {
        var cidr = Cidr.Of(subnet.Cidr);
        var legs = await Legs(q, routerId, PortOwners.RouterInterface);
        legs.AddRange(await Legs(q, routerId, PortOwners.RouterGateway));
        foreach (var leg in legs)
        {
            if (leg.Subnet.Id == subnet.Id) throw CloudError.Invalid($"Bad router request: Router already has a port on subnet {subnet.Id}.", "BadRequest");
            if (Cidr.Of(leg.Subnet.Cidr).Overlaps(cidr))
                throw CloudError.Invalid($"Bad router request: Cidr {cidr} of subnet {subnet.Id} overlaps with cidr {leg.Subnet.Cidr} of subnet {leg.Subnet.Id}.", "BadRequest");
        }
    }
}
