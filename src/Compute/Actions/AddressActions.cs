using System.Net;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>addFixedIp, addFloatingIp and their opposites: until 2.43 Compute passed them on to the network service.</summary>
internal sealed class AddressActions(IServerAddresses addresses)
{
    public async Task Do(Tx tx, string id, string action, Fields how)
    {
        var row = await ServerStore.ForChange(tx, id);
        if (action == "addFixedIp")
        {
            var network = how.IdOr("networkId") ?? throw CloudError.Invalid("'networkId' is a required property.");
            how.Done();
            await addresses.AddFixed(tx, tx.Actor, row.Id, network);
        }
        else
        {
            var address = Address(how.Text("address", 1));
            var fixedIp = action == "addFloatingIp" ? how.TextOr("fixed_address") : null;
            how.Done();
            await (action switch
            {
                "removeFixedIp" => addresses.RemoveFixed(tx, row.Id, address),
                "addFloatingIp" => AddFloating(tx, row.Id, address, fixedIp is null ? null : Address(fixedIp)),
                _ => addresses.RemoveFloating(tx, tx.Actor, row.Id, address),
            });
        }
        ServerActionRow.Add(tx, row.Id, row.ProjectId, action);
        tx.Audit("server." + action, "server", row.Id, row.ProjectId);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
    }

    /// <summary>A fixed address that has one already was a bad request here, not a conflict as in the network service.</summary>
    private async Task AddFloating(Tx tx, string serverId, string address, string? fixedIp)
    {
        try
        {
            await addresses.AddFloating(tx, tx.Actor, serverId, address, fixedIp);
        }
        catch (CloudError e) when (e.Kind == ErrorKind.Conflict)
        {
            throw CloudError.Invalid(e.Message);
        }
    }

    private static string Address(string text) => IPAddress.TryParse(text, out var ip) ? ip.ToString() : throw CloudError.Invalid($"Invalid input for field/attribute address. Value: {text}. '{text}' is not an IP address.");
}
