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

/// <summary><c>external_gateway_info</c>: the leg of a router on an external network, and whether inner addresses are hidden behind it.</summary>
internal static class Gateway
{
    /// <summary>Takes the attribute when it is there; null or {} removes the gateway.</summary>
    public static async Task Apply(Tx tx, Actor actor, RouterRow row, Fields fields)
    {
        if (!fields.Has("external_gateway_info")) return;
        var info = fields.ObjectOr("external_gateway_info");
        if (info is null || !info.Names.Any())
        {
            await Clear(tx, row);
            return;
        }
        Owner.AdminOnly(actor, info, "enable_snat", "external_fixed_ips");
        var network = await NetworkStore.Find(tx, actor, info.Text("network_id"));
        row.EnableSnat = info.FlagOr("enable_snat") ?? true;
        var wishes = info.ObjectsOr("external_fixed_ips")?.Select(Wish).ToList();
        info.Done();
        if (!network.External) throw CloudError.Invalid($"Bad router request: Network {network.Id} is not an external network.", "BadRequest");
        if (row.GatewayNetworkId == network.Id && row.GatewayPortId is { } port)
        {
            if (wishes is not null) await Addresses.Change(tx, network.Id, port, wishes);
            tx.Wake(NetworkWork.Port, port);
            return;
        }
        await Clear(tx, row);
        await Set(tx, row, network, wishes);
    }

    private static AddressWish Wish(Fields item)
    {
        var wish = new AddressWish(item.TextOr("subnet_id"), item.TextOr("ip_address"));
        item.Done();
        return wish.SubnetId is null && wish.Ip is null ? throw CloudError.Invalid("Invalid input for external_gateway_info. Reason: external_fixed_ips need subnet_id, ip_address or both.", "HTTPBadRequest") : wish;
    }

    private static async Task Set(Tx tx, RouterRow row, NetworkRow network, List<AddressWish>? wishes)
    {
        foreach (var subnet in await SubnetStore.OfNetwork(tx, network.Id)) await RouterStore.RefuseOverlap(tx, row.Id, subnet);
        var port = await PortStore.Make(tx, new PortWish(network, "") { DeviceId = row.Id, DeviceOwner = PortOwners.RouterGateway, Fixed = wishes is { Count: > 0 } ? wishes : null });
        row.GatewayNetworkId = network.Id;
        row.GatewayPortId = port.Id;
    }

    public static async Task Clear(Tx tx, RouterRow row)
    {
        if (row.GatewayPortId is not { } port) return;
        if (await FloatingIpStore.Uses(tx, row.Id, null))
            throw CloudError.Conflict($"Gateway cannot be updated for router {row.Id}, since a gateway to external network {row.GatewayNetworkId} is required by one or more floating IPs.", "RouterExternalGatewayInUseByFloatingIp");
        row.GatewayPortId = row.GatewayNetworkId = null;
        row.EnableSnat = true;
        if (await tx.Db<NetworkDb>().Ports.SingleOrDefaultAsync(p => p.Id == port) is { } held) await PortStore.Erase(tx, held);
    }
}
