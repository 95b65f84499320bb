using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

/// <summary>What a subnet may look like.</summary>
internal static class SubnetRules
{
    private const int MostRoutes = 20;
    private const int MostServers = 5;

    public static SubnetRow Read(string projectId, string networkId, Cidr cidr, string? pool, Fields fields)
    {
        Check(cidr);
        var (ra, address) = Ipv6Modes.Read(fields, cidr, fields.FlagOr("enable_dhcp") ?? true);
        var row = new SubnetRow
        {
            Id = Id.New(), ProjectId = projectId, NetworkId = networkId, Cidr = cidr.ToString(), IpVersion = cidr.Version, GatewayIp = cidr.First.ToString(), RaMode = ra, AddressMode = address, SubnetPoolId = pool,
        };
        Apply(row, fields);
        if (!fields.Has("allocation_pools")) row.Pools = JsonText.Write(PoolRules.Around(cidr, row.GatewayIp));
        return row;
    }

    public static void Apply(SubnetRow row, Fields fields)
    {
        var cidr = Subnets.Cidr.Of(row.Cidr);
        Shown.Naming(row, fields);
        row.EnableDhcp = fields.FlagOr("enable_dhcp") ?? row.EnableDhcp;
        if (fields.Has("gateway_ip")) row.GatewayIp = fields.IsNull("gateway_ip") ? null : Gateway(cidr, fields.Text("gateway_ip"));
        if (fields.Has("dns_nameservers")) row.DnsServers = JsonText.Write(Servers(cidr.Version, fields.TextsOr("dns_nameservers") ?? []));
        if (fields.Has("host_routes")) row.HostRoutes = JsonText.Write(Routes(fields, "host_routes", cidr.Version));
        if (fields.ItemsOr("service_types") is { Count: > 0 }) throw CloudError.Invalid("Invalid input for operation: service_types are not offered by this cloud.", "InvalidInput");
        if (fields.Has("allocation_pools") && !fields.IsNull("allocation_pools")) row.Pools = JsonText.Write(PoolRules.Read(cidr, fields));
        if (fields.Has("allocation_pools") || fields.Has("gateway_ip")) PoolRules.RefuseGatewayInside(JsonText.List<Pool>(row.Pools), row.GatewayIp);
    }

    /// <summary>A list of {destination, nexthop}: host routes of subnets and extra routes of routers.</summary>
    public static List<HostRoute> Routes(Fields fields, string name, int? version = null)
    {
        var routes = new List<HostRoute>();
        foreach (var item in fields.ObjectsOr(name) ?? [])
        {
            var destination = Subnets.Cidr.Parse(item.Text("destination")) ?? throw CloudError.Invalid($"Invalid input for {name}. Reason: '{item.Text("destination")}' is not a valid IP subnet.", "HTTPBadRequest");
            var hop = Ip.Wanted(name, item.Text("nexthop"));
            item.Done();
            if (hop.Version != destination.Version || version is { } only && hop.Version != only)
                throw CloudError.Invalid($"Invalid input for {name}. Reason: destination {destination} and nexthop {hop} must be of the same IP version as the subnet.", "HTTPBadRequest");
            routes.Add(new HostRoute(destination.ToString(), hop.ToString()));
        }
        if (routes.Distinct().Count() != routes.Count) throw CloudError.Invalid($"Invalid input for {name}. Reason: Duplicate hostroute.", "HTTPBadRequest");
        if (routes.Count > MostRoutes) throw CloudError.Invalid($"Unable to complete operation: the number of {name} exceeds the limit {MostRoutes}.", "HostRoutesExhausted");
        return routes;
    }

    public static Cidr Cidr(string text) => text.Contains('/') && Subnets.Cidr.Parse(text) is { } cidr ? cidr
        : throw CloudError.Invalid($"Invalid input for cidr. Reason: '{text}' is not a valid IP network in the form 10.0.0.0/24 or fd00::/64.", "HTTPBadRequest");

    private static readonly Cidr[] Reserved = [.. new[] { "224.0.0.0/3", "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "ff00::/8", "::/127", "fe80::/10" }.Select(Subnets.Cidr.Of)];

    private static void Check(Cidr cidr)
    {
        var (shortest, longest) = cidr.Version == 4 ? (8, 30) : (64, 126);
        if (cidr.Prefix < shortest || cidr.Prefix > longest) throw CloudError.Invalid($"Invalid input for operation: the prefix length of {cidr} must be between {shortest} and {longest}.", "InvalidInput");
        if (Reserved.Any(r => r.Overlaps(cidr))) throw CloudError.Invalid($"Invalid input for operation: {cidr} is reserved (multicast, loopback or link-local) and cannot be a subnet.", "InvalidInput");
    }

    private static string Gateway(Cidr cidr, string text)
    {
        var address = Ip.Wanted("gateway_ip", text);
        if (cidr.Holds(address) && !cidr.Usable(address)) throw CloudError.Invalid("Invalid input for operation: Gateway is not valid on subnet: it is the network or broadcast address.", "InvalidInput");
        if (!cidr.Holds(address)) throw CloudError.Invalid($"Invalid input for operation: Gateway {text} is not inside {cidr}.", "InvalidInput");
        return address.ToString();
    }

    private static List<string> Servers(int version, List<string> wanted)
    {
        var addresses = wanted.Select(s => Ip.Wanted("dns_nameservers", s)).ToList();
        if (addresses.FirstOrDefault(a => a.Version != version) is { Version: > 0 } other)
            throw CloudError.Invalid($"Invalid input for operation: dns_nameserver '{other}' does not match the ip_version '{version}'.", "InvalidInput");
        var servers = addresses.Select(a => a.ToString()).ToList();
        if (servers.Distinct().Count() != servers.Count) throw CloudError.Invalid("Invalid input for dns_nameservers. Reason: Duplicate nameserver.", "HTTPBadRequest");
        if (servers.Count > MostServers) throw CloudError.Invalid($"Unable to complete operation: the number of DNS nameservers exceeds the limit {MostServers}.", "DNSNameServersExhausted");
        return servers;
    }
}
