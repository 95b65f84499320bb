using System.Text.Json.Nodes;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>os-networks, os-tenant-networks and os-virtual-interfaces: Network's networks as Nova showed them until 2.36 (2.44).</summary>
internal sealed class NetworkApi(Database database, Neighbour neighbour) : IApi
{
    /// <summary>What only nova-network knew; clients expect the names.</summary>
    private static readonly string[] Unknown =
    [
        "bridge", "bridge_interface", "broadcast", "cidr", "cidr_v6", "created_at", "deleted", "deleted_at", "dhcp_server", "dhcp_start", "dns1", "dns2", "enable_dhcp", "gateway", "gateway_v6", "host", "injected", "mtu",
        "multi_host", "netmask", "netmask_v6", "priority", "project_id", "rxtx_base", "share_address", "updated_at", "vlan", "vpn_private_address", "vpn_public_address", "vpn_public_port",
    ];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-networks", "compute:read", Nova.Until(36, call => List(call, Whole)));
        r.Get("/os-networks/{id}", "compute:read", Nova.Until(36, call => Show(call, Whole)));
        r.Get("/os-tenant-networks", "compute:read", Nova.Until(36, call => List(call, Brief)));
        r.Get("/os-tenant-networks/{id}", "compute:read", Nova.Until(36, call => Show(call, Brief)));
        r.Get("/servers/{id}/os-virtual-interfaces", "compute:read", Nova.Until(44, VirtualInterfaces));
        foreach (var path in new[] { "/os-networks", "/os-tenant-networks" })
        {
            r.Post(path, "compute:manage_hosts", "network.create", Nova.Until(36, NotHere));
            r.Delete(path + "/{id}", "compute:manage_hosts", "network.delete", Nova.Until(36, NotHere));
        }
    }

    private static JsonObject Brief(JsonNode n) => new() { ["id"] = n["id"]!.DeepClone(), ["label"] = n["name"]!.DeepClone(), ["cidr"] = null };

    private static JsonObject Whole(JsonNode n)
    {
        var body = new JsonObject(Unknown.Select(u => KeyValuePair.Create(u, (JsonNode?)null)));
        (body["id"], body["label"]) = (n["id"]!.DeepClone(), n["name"]!.DeepClone());
        return body;
    }

    private async Task<Answer> List(Call call, Func<JsonNode, JsonObject> wire) =>
        Answer.Ok(new JsonObject { ["networks"] = new JsonArray([.. (await neighbour.Ask(call, "neutron", "GET", "/networks"))!["networks"]!.AsArray().Select(n => wire(n!))]) });

    private async Task<Answer> Show(Call call, Func<JsonNode, JsonObject> wire) =>
        Answer.Ok(new JsonObject { ["network"] = wire((await neighbour.Ask(call, "neutron", "GET", "/networks/" + Uri.EscapeDataString(call["id"])))!["network"]!) });

    private static Task<Answer> NotHere(Call call) => throw CloudError.Invalid("Networks are made and deleted in the Network service.");

    private async Task<Answer> VirtualInterfaces(Call call)
    {
        await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        throw CloudError.Invalid("Listing virtual interfaces is not supported by this cloud: use GET /servers/{id}/os-interface.");
    }
}
