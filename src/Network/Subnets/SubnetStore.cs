using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;

namespace Xiangyun.Network.Subnets;

internal static class SubnetStore
{
    /// <summary>Subnets of own and shared networks; administrators see all.</summary>
    public static IQueryable<SubnetRow> Visible(Query q, Actor actor)
    {
        var db = q.Db<NetworkDb>();
        var rows = db.Subnets.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(s => s.ProjectId == actor.ProjectId || shared.Contains(s.NetworkId) || db.Networks.Any(n => n.Id == s.NetworkId && (n.Shared || n.ProjectId == actor.ProjectId)));
    }

    public static async Task<SubnetRow> Find(Query q, Actor actor, string id) =>
        await Visible(q, actor).SingleOrDefaultAsync(s => s.Id == id) ?? throw NotFound.Subnet(id);

    public static Task<List<SubnetRow>> OfNetwork(Query q, string networkId) =>
        q.Db<NetworkDb>().Subnets.Where(s => s.NetworkId == networkId).OrderBy(s => s.Id).ToListAsync();

    public static async Task RefuseOverlap(Query q, SubnetRow row)
    {
        var cidr = Cidr.Of(row.Cidr);
        foreach (var other in await OfNetwork(q, row.NetworkId))
            if (other.Id != row.Id && Cidr.Of(other.Cidr).Overlaps(cidr))
                throw CloudError.Invalid($"Invalid input for operation: Requested subnet with cidr: {cidr} for network: {row.NetworkId} overlaps with another subnet: {other.Id} ({other.Cidr}).", "InvalidInput");
    }

    public static async Task RefuseUsed(Tx tx, string subnetId)
    {
        var db = tx.Db<NetworkDb>();
        var automatic = Ipv6Modes.Automatic(await db.Subnets.SingleAsync(s => s.Id == subnetId)); // what guests make by themselves goes with the subnet
        var used = await db.Addresses.AnyAsync(a => a.SubnetId == subnetId && db.Ports.Any(p => p.Id == a.PortId && p.DeviceOwner != PortOwners.Metadata
            && (!automatic || p.DeviceOwner == PortOwners.RouterInterface || p.DeviceOwner == PortOwners.RouterGateway)));
        if (used) throw CloudError.Conflict($"Unable to complete operation on subnet {subnetId}: One or more ports have an IP allocation from this subnet.", "SubnetInUse");
    }

    public static async Task Erase(Tx tx, SubnetRow row)
    {
        var ports = await tx.Db<NetworkDb>().Addresses.Where(a => a.SubnetId == row.Id).Select(a => a.PortId).ToListAsync();
        await tx.Db<NetworkDb>().Addresses.Where(a => a.SubnetId == row.Id).ExecuteDeleteAsync();
        foreach (var port in ports) tx.Wake(NetworkWork.Port, port);
        await tx.Delete<SubnetRow>(row.Id);
        await MetadataPort.Follow(tx, row.NetworkId);
        tx.Wake(NetworkWork.Network, row.NetworkId);
    }
}
