using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Routers;

/// <summary>Legs of a router on inner subnets: added and removed by subnet or by port.</summary>
internal static class Interfaces
{
    public static async Task<JsonObject> Add(Tx tx, Actor actor, RouterRow row, Fields fields)
    {
        var (subnetId, portId) = (fields.TextOr("subnet_id"), fields.TextOr("port_id"));
        fields.Done();
        if (subnetId is null == portId is null) throw CloudError.Invalid("Bad router request: Either subnet_id or port_id must be specified, and not both.", "BadRequest");
        var leg = subnetId is not null ? await BySubnet(tx, actor, row, subnetId) : await ByPort(tx, actor, row, portId!);
        await Touch(tx, row, leg.Port.Id);
        return Shown(row, leg);
    }

    private static async Task<RouterLeg> BySubnet(Tx tx, Actor actor, RouterRow row, string subnetId)
    {
        var subnet = await SubnetStore.Find(tx, actor, subnetId);
        await RouterStore.RefuseOverlap(tx, row.Id, subnet);
        if (subnet.GatewayIp is not { } gateway) throw CloudError.Invalid($"Bad router request: Subnet for router interface must have a gateway IP.", "BadRequest");
        var port = await PortStore.Make(tx, new PortWish(await NetworkStore.Get(tx, subnet.NetworkId), row.ProjectId)
        {
            DeviceId = row.Id, DeviceOwner = PortOwners.RouterInterface, Fixed = [new AddressWish(subnet.Id, gateway)],
        });
        return new RouterLeg(port, await Addresses.Of(tx, port.Id).FirstAsync(), subnet);
    }

    private static async Task<RouterLeg> ByPort(Tx tx, Actor actor, RouterRow row, string portId)
    {
        await PortStore.Find(tx, actor, portId);
        var port = await tx.Hold<PortRow>(portId) ?? throw NotFound.Port(portId);
        if (port.DeviceId.Length > 0) throw CloudError.Conflict($"Unable to complete operation on port {port.Id} for network {port.NetworkId}. Port already has an attached device {port.DeviceId}.", "PortInUse");
        var addresses = await Addresses.Of(tx, port.Id).ToListAsync();
        if (addresses.Count == 0) throw CloudError.Invalid("Bad router request: Cannot add a port with no IP address as a router interface.", "BadRequest");
        if (addresses.Count(a => !a.Ip.Contains(':')) > 1) throw CloudError.Invalid("Bad router request: Cannot have multiple IPv4 subnets on router port.", "BadRequest");
        var subnet = await tx.Db<NetworkDb>().Subnets.SingleAsync(s => s.Id == addresses[0].SubnetId);
        await RouterStore.RefuseOverlap(tx, row.Id, subnet);
        port.DeviceId = row.Id;
        port.DeviceOwner = PortOwners.RouterInterface;
        port.PortSecurityEnabled = false;
        await PortStore.SetGroups(tx, port, []);
        await tx.Put(port);
        PortStore.Wake(tx, port);
        return new RouterLeg(port, addresses[0], subnet);
    }

    public static async Task<JsonObject> Remove(Tx tx, Actor actor, RouterRow row, Fields fields)
    {
        var (subnetId, portId) = (fields.TextOr("subnet_id"), fields.TextOr("port_id"));
        fields.Done();
        if (subnetId is null && portId is null) throw CloudError.Invalid("Bad router request: Either subnet_id or port_id must be specified.", "BadRequest");
        if (subnetId is not null) await SubnetStore.Find(tx, actor, subnetId);
        var legs = await RouterStore.Legs(tx, row.Id, PortOwners.RouterInterface);
        var leg = legs.FirstOrDefault(l => (portId is null || l.Port.Id == portId) && (subnetId is null || l.Subnet.Id == subnetId))
            ?? throw (portId is not null ? CloudError.NotFound($"Router {row.Id} does not have an interface with id {portId}.", "RouterInterfaceNotFound")
                : CloudError.NotFound($"Router {row.Id} has no interface on subnet {subnetId}.", "RouterInterfaceNotFoundForSubnet"));
        if (await FloatingIpStore.Uses(tx, row.Id, leg.Subnet.Id))
            throw CloudError.Conflict($"Router interface for subnet {leg.Subnet.Id} on router {row.Id} cannot be deleted, as it is required by one or more floating IPs.", "RouterInterfaceInUseByFloatingIP");
        if (JsonText.List<HostRoute>(row.Routes).Any(r => Cidr.Of(leg.Subnet.Cidr).Holds(Ip.Of(r.Nexthop))))
            throw CloudError.Conflict($"Router interface for subnet {leg.Subnet.Id} on router {row.Id} cannot be deleted, as it is required by one or more routes.", "RouterInterfaceInUseByRoute");
        await PortStore.Erase(tx, leg.Port);
        await Touch(tx, row, leg.Port.Id);
        return Shown(row, leg);
    }

    private static async Task Touch(Tx tx, RouterRow row, string portId)
    {
        await tx.Bump<RouterRow>(row.Id);
        tx.Wake(NetworkWork.Router, row.Id);
        tx.Wake(NetworkWork.Port, portId);
    }

    private static JsonObject Shown(RouterRow row, RouterLeg leg) => new()
    {
        ["id"] = row.Id, ["project_id"] = row.ProjectId, ["tenant_id"] = row.ProjectId, ["port_id"] = leg.Port.Id, ["network_id"] = leg.Port.NetworkId,
        ["subnet_id"] = leg.Subnet.Id, ["subnet_ids"] = new JsonArray(leg.Subnet.Id),
    };
}
