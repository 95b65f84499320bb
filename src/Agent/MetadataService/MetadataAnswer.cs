using System.Text;
using Google.Protobuf;
using Xiangyun.Agent.Ledger;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.MetadataService;

/// <summary>
/// Finds what a guest may read of itself: which server it is follows from network and address alone, what there is from
/// the plan. Directories list their children, as the EC2 and OpenStack trees do; dated versions read as "latest".
/// </summary>
internal static class MetadataAnswer
{
    /// <returns>null = there is nothing at that path, or no such server.</returns>
    public static byte[]? Of(Plan plan, string networkId, string address, string path)
    {
        var server = plan.Servers.Values.FirstOrDefault(s => s.Power != Power.Gone && s.Nics.Any(n => n.NetworkId == networkId && n.FixedIps.Contains(address)));
        if (server is null) return null;
        var wanted = Latest(path.Trim('/'));
        return server.Metadata.TryGetValue(wanted, out ByteString? body) ? body.ToByteArray() : Listing(server, wanted);
    }

    private static byte[]? Listing(ServerPlan server, string path)
    {
        var under = path.Length == 0 ? "" : path + "/";
        var children = server.Metadata.Keys.Where(k => k.StartsWith(under, StringComparison.Ordinal))
            .Select(k => k[under.Length..])
            .Select(k => k.IndexOf('/') is var slash and >= 0 ? k[..(slash + 1)] : k)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        if (children.Count == 0) return null;
        if (path is "" or "openstack") children = [.. children.Select(c => c.TrimEnd('/'))]; // versions, one a line
        return Encoding.UTF8.GetBytes(string.Join('\n', children));
    }

    private static string Latest(string path)
    {
        var parts = path.Split('/');
        var at = parts[0] == "openstack" ? 1 : 0;
        if (parts.Length > at && IsVersion(parts[at])) parts[at] = "latest";
        return string.Join('/', parts);
    }

    /// <summary><c>2009-04-04</c>, or EC2's first, <c>1.0</c>.</summary>
    private static bool IsVersion(string part) => part == "1.0" || DateOnly.TryParseExact(part, "yyyy-MM-dd", out _);
}
