using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Names;

/// <summary>Names inside a network (Neutron's dns-integration): what may be one, and what a port is called.</summary>
internal static partial class DnsNames
{
    /// <summary>What a name ends with where its network has no domain of its own.</summary>
    private const string CommonDomain = "xiangyun.internal.";

    public static string? Name(Fields fields)
    {
        if (!fields.Has("dns_name")) return null;
        var text = (fields.TextOr("dns_name") ?? "").ToLowerInvariant();
        return text.Length == 0 || text.Length <= 63 && Label().IsMatch(text) ? text
            : throw CloudError.Invalid($"Invalid input for dns_name. Reason: '{text}' is not one label of a name: letters, digits and hyphens, at most 63, neither first nor last a hyphen.", "HTTPBadRequest");
    }

    public static string? Domain(Fields fields)
    {
        if (!fields.Has("dns_domain")) return null;
        var text = (fields.TextOr("dns_domain") ?? "").ToLowerInvariant();
        return text.Length == 0 || text.EndsWith('.') && text[..^1].Split('.').All(l => l.Length is > 0 and <= 63 && Label().IsMatch(l)) ? text
            : throw CloudError.Invalid($"Invalid input for dns_domain. Reason: '{text}' is not a fully qualified domain name that ends with a dot.", "HTTPBadRequest");
    }

    /// <summary>Under which names the others find it: alone and with the domain. No name, no record.</summary>
    public static IReadOnlyList<string> Of(string name, string domain) => name.Length == 0 ? [] : [name, $"{name}.{Ending(domain)[..^1]}"];

    public static JsonNode Assignment(string name, string domain, string ip)
    {
        var host = name.Length > 0 ? name : "host-" + ip.Replace('.', '-').Replace(':', '-');
        return new JsonObject { ["hostname"] = host, ["ip_address"] = ip, ["fqdn"] = $"{host}.{Ending(domain)}" };
    }

    private static string Ending(string domain) => domain.Length > 0 ? domain : CommonDomain;

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex Label();
}
