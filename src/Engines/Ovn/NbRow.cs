using System.Text.Json.Nodes;

namespace Xiangyun.Engines.Ovn;

/// <summary>
/// One wanted row of the northbound database. <paramref name="Key"/> is our id for it, unique in its table, kept in
/// <c>external_ids:xiangyun:id</c>; so rows are found again whatever happened in between.
/// </summary>
public sealed record NbRow(string Table, string Key)
{
    public IReadOnlyDictionary<string, JsonNode> Columns { get; init; } = new Dictionary<string, JsonNode>();
    /// <summary>Key of the row that holds this one, for tables whose rows live only inside another (a port in its switch).</summary>
    public string? Parent { get; init; }
    /// <summary>Columns that point at another row, by table and key.</summary>
    public IReadOnlyDictionary<string, (string Table, string Key)> References { get; init; } = new Dictionary<string, (string, string)>();
    /// <summary>Keys of the port groups that this switch port is a member of: exactly these.</summary>
    public IReadOnlyList<string>? Groups { get; init; }
}

/// <summary>The tables that are ours, and where rows that live inside another row are held.</summary>
internal static class NbTables
{
    public const string Id = "xiangyun:id";
    public const string Owner = "xiangyun:owner";

    /// <summary>Held by a weak reference: the row does not go when its holder lets go, it has to be deleted, and then the reference goes.</summary>
    public static readonly IReadOnlySet<string> Weak = new HashSet<string> { "Load_Balancer", "DNS" };

    public static readonly IReadOnlyDictionary<string, (string Table, string Column)?> Holders = new Dictionary<string, (string, string)?>
    {
        ["Logical_Switch"] = null, ["DHCP_Options"] = null, ["Port_Group"] = null, ["Logical_Router"] = null,
        ["DNS"] = ("Logical_Switch", "dns_records"), ["Logical_Switch_Port"] = ("Logical_Switch", "ports"), ["ACL"] = ("Port_Group", "acls"), ["QoS"] = ("Logical_Switch", "qos_rules"), ["Logical_Router_Port"] = ("Logical_Router", "ports"),
        ["Load_Balancer"] = ("Logical_Router", "load_balancer"), ["NAT"] = ("Logical_Router", "nat"), ["Logical_Router_Static_Route"] = ("Logical_Router", "static_routes"), ["Gateway_Chassis"] = ("Logical_Router_Port", "gateway_chassis"),
    };
}
