using System.Text.Json.Nodes;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>addFloatingIp and removeFloatingIp, the actions on servers that 2.44 took away.</summary>
internal sealed class FloatingIpActions(Database database, Neighbour neighbour, IPorts ports)
{
    public async Task<Answer> Do(Call call, string action, Fields how)
    {
        var address = how.Text("address", 1);
        var wanted = action == "addFloatingIp" ? how.TextOr("fixed_address", 1) : null;
        how.Done();
        if (!System.Net.IPAddress.TryParse(address, out _)) throw CloudError.Invalid($"Invalid input for field/attribute address. Value: {address}. It must be an IP address.");
        var nics = await database.Read(async q => await ports.OfServer(q, (await ServerStore.Find(q, call.Actor, call["id"])).Id));
        var found = (await neighbour.Ask(call, "neutron", "GET", "/floatingips?floating_ip_address=" + Uri.EscapeDataString(address)))!["floatingips"]!.AsArray().FirstOrDefault()
            ?? throw CloudError.NotFound($"floating IP not found: {address}");
        if (action == "addFloatingIp") await Add(call, found, nics, wanted);
        else await Remove(call, found, nics);
        return Answer.Accepted;
    }

    private async Task Add(Call call, JsonNode floating, IReadOnlyList<PortView> nics, string? wanted)
    {
        var target = nics.SelectMany(n => n.Fixed.Select(f => (Port: n, f.Ip))).FirstOrDefault(t => wanted is null ? !t.Ip.Contains(':') : t.Ip == wanted);
        if (target.Port is null) throw CloudError.Invalid(wanted is null ? "No fixed IPs associated to instance" : $"Specified fixed address {wanted} not assigned to instance");
        try
        {
            await Point(call, floating, target.Port.Id, target.Ip);
        }
        catch (CloudError e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            throw CloudError.Invalid($"Error. Unable to associate floating IP: {e.Message}");
        }
    }

    private async Task Remove(Call call, JsonNode floating, IReadOnlyList<PortView> nics)
    {
        if (nics.All(n => n.Id != floating["port_id"]?.ToString())) throw CloudError.Conflict($"Floating IP {floating["floating_ip_address"]} is not associated with instance {call["id"]}.");
        await Point(call, floating, null, null);
    }

    private Task<JsonNode?> Point(Call call, JsonNode floating, string? port, string? ip)
    {
        var change = new Dictionary<string, object?> { ["port_id"] = port };
        if (ip is not null) change["fixed_ip_address"] = ip;
        return neighbour.Ask(call, "neutron", "PUT", "/floatingips/" + floating["id"], new { floatingip = change });
    }
}
