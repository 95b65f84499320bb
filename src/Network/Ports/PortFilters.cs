using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Filters of the port list that look beyond one column.</summary>
internal static class PortFilters
{
    /// <summary>The same question as <see cref="PortRow.Status"/>, for the database.</summary>
    public static IQueryable<PortRow> Status(Query q, IQueryable<PortRow> rows, IReadOnlyList<string> values)
    {
        var (active, down, none) = (values.Contains("ACTIVE"), values.Contains("DOWN"), values.Contains("N/A"));
        return rows.Where(p => p.DeviceOwner == PortOwners.FloatingIp ? none
            : p.AdminStateUp && (p.DeviceOwner == PortOwners.RouterInterface || p.DeviceOwner == PortOwners.RouterGateway || p.DeviceOwner == PortOwners.Metadata ? p.ObservedGeneration > 0 : p.HostId != null && p.SeenUp) ? active : down);
    }

    /// <summary><c>fixed_ips=ip_address=10.0.0.5&amp;fixed_ips=subnet_id=..</c>: one address that fits all.</summary>
    public static IQueryable<PortRow> Fixed(Query q, IQueryable<PortRow> rows, IReadOnlyList<string> values)
    {
        var addresses = q.Db<NetworkDb>().Addresses.AsQueryable();
        foreach (var group in values.Select(v => v.Split('=', 2)).GroupBy(v => v[0], v => v.Length == 2 ? v[1] : ""))
        {
            var wanted = group.ToList();
            addresses = group.Key switch
            {
                "ip_address" => addresses.Where(a => wanted.Contains(a.Ip)),
                "subnet_id" => addresses.Where(a => wanted.Contains(a.SubnetId)),
                "ip_address_substr" => wanted.Aggregate(addresses, (found, part) => found.Where(a => a.Ip.Contains(part))),
                _ => throw CloudError.Invalid($"'{group.Key}' is invalid attribute for filtering fixed_ips; use ip_address=, subnet_id= or ip_address_substr=.", "HTTPBadRequest"),
            };
        }
        return rows.Where(p => addresses.Any(a => a.PortId == p.Id));
    }

    public static IQueryable<PortRow> InGroups(Query q, IQueryable<PortRow> rows, IReadOnlyList<string> values)
    {
        var members = q.Db<NetworkDb>().PortGroups;
        return rows.Where(p => members.Any(m => m.PortId == p.Id && values.Contains(m.GroupId)));
    }
}
