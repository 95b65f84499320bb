using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

/// <summary>What a subnet may look like. IPv4 only: what the fabric does not carry is refused, not pretended.</summary>
internal static class SubnetRules
{
    private const int MostRoutes = 20;
    private const int MostServers = 5;

    public static SubnetRow Read(string projectId, string networkId, Fields fields)
    {
        if (fields.NumberOr("ip_version", 4, 6) is not (null or 4)) throw CloudError.Invalid("Invalid input for ip_version. Reason: this cloud carries IPv4 only; IPv6 subnets are not offered.", "HTTPBadRequest");
        foreach (var name in new[] { "ipv6_ra_mode", "ipv6_address_mode", "subnetpool_id", "prefixlen" })
            if (fields.Has(name) && !fields.IsNull(name)) throw CloudError.Invalid($"Invalid input for operation: '{name}' is not offered by this cloud; give an IPv4 cidr.", "InvalidInput");
        var cidr = Cidr(fields.Text("cidr"));
        var row = new SubnetRow { Id = Id.New(), ProjectId = projectId, NetworkId = networkId, Cidr = cidr.ToString(), GatewayIp = Ip4.Text(cidr.First) };
        if (cidr.Prefix >= 31 && !fields.Has("gateway_ip")) row.GatewayIp = null;
        Apply(row, fields);
        if (!fields.Has("allocation_pools")) row.Pools = JsonText.Write(PoolRules.Around(cidr, row.GatewayIp));
        return row;
    }

    public static void Apply(SubnetRow row, Fields fields)
    {
        var cidr = Cidr4.Of(row.Cidr);
        Shown.Naming(row, fields);
        row.EnableDhcp = fields.FlagOr("enable_dhcp") ?? row.EnableDhcp;
        if (fields.Has("gateway_ip")) row.GatewayIp = fields.IsNull("gateway_ip") ? null : Gateway(cidr, fields.Text("gateway_ip"));
        if (fields.Has("dns_nameservers")) row.DnsServers = JsonText.Write(Servers(fields.TextsOr("dns_nameservers") ?? []));
        if (fields.Has("host_routes")) row.HostRoutes = JsonText.Write(Routes(fields, "host_routes"));
        if (fields.ItemsOr("service_types") is { Count: > 0 }) throw CloudError.Invalid("Invalid input for operation: service_types are not offered by this cloud.", "InvalidInput");
        if (fields.Has("allocation_pools") && !fields.IsNull("allocation_pools")) row.Pools = JsonText.Write(PoolRules.Read(cidr, fields));
        if (fields.Has("allocation_pools") || fields.Has("gateway_ip")) PoolRules.RefuseGatewayInside(JsonText.List<Pool>(row.Pools), row.GatewayIp);
    }

    /// <summary>A list of {destination, nexthop}: host routes of subnets and extra routes of routers.</summary>
    public static List<HostRoute> Routes(Fields fields, string name)
    {
        var routes = new List<HostRoute>();
        foreach (var item in fields.ObjectsOr(name) ?? [])
        {
            var destination = Cidr4.Parse(item.Text("destination")) ?? throw CloudError.Invalid($"Invalid input for {name}. Reason: '{item.Text("destination")}' is not a valid IP subnet.", "HTTPBadRequest");
            routes.Add(new HostRoute(destination.ToString(), Ip4.Text(Ip4.Wanted(name, item.Text("nexthop")))));
            item.Done();
        }
        if (routes.Distinct().Count() != routes.Count) throw CloudError.Invalid($"Invalid input for {name}. Reason: Duplicate hostroute.", "HTTPBadRequest");
        if (routes.Count > MostRoutes) throw CloudError.Invalid($"Unable to complete operation: the number of {name} exceeds the limit {MostRoutes}.", "HostRoutesExhausted");
        return routes;
    }

    private static Cidr4 Cidr(string text)
    {
        if (!text.Contains('/') || Cidr4.Parse(text) is not { } cidr) throw CloudError.Invalid($"Invalid input for cidr. Reason: '{text}' is not a valid IPv4 network in the form 10.0.0.0/24.", "HTTPBadRequest");
        if (cidr.Prefix is < 8 or > 30) throw CloudError.Invalid($"Invalid input for operation: the prefix length of {cidr} must be between 8 and 30.", "InvalidInput");
        if (cidr.Network >> 28 >= 14 || cidr.Network >> 24 is 0 or 127 || cidr.Overlaps(new Cidr4(0xA9FE0000, 16)))
            throw CloudError.Invalid($"Invalid input for operation: {cidr} is reserved (multicast, loopback or link-local) and cannot be a subnet.", "InvalidInput");
        return cidr;
    }

    private static string Gateway(Cidr4 cidr, string text)
    {
        var address = Ip4.Wanted("gateway_ip", text);
        if (cidr.Holds(address) && !cidr.Usable(address)) throw CloudError.Invalid("Invalid input for operation: Gateway is not valid on subnet: it is the network or broadcast address.", "InvalidInput");
        if (!cidr.Holds(address)) throw CloudError.Invalid($"Invalid input for operation: Gateway {text} is not inside {cidr}.", "InvalidInput");
        return Ip4.Text(address);
    }

    private static List<string> Servers(List<string> wanted)
    {
        var servers = wanted.Select(s => Ip4.Text(Ip4.Wanted("dns_nameservers", s))).ToList();
        if (servers.Distinct().Count() != servers.Count) throw CloudError.Invalid("Invalid input for dns_nameservers. Reason: Duplicate nameserver.", "HTTPBadRequest");
        if (servers.Count > MostServers) throw CloudError.Invalid($"Unable to complete operation: the number of DNS nameservers exceeds the limit {MostServers}.", "DNSNameServersExhausted");
        return servers;
    }
}
