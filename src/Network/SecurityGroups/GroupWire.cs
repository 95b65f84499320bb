using System.Text.Json.Nodes;
using Xiangyun.Network.Rest;

namespace Xiangyun.Network.SecurityGroups;

internal static class GroupWire
{
    public static JsonObject Show(GroupRow row, IEnumerable<GroupRuleRow> rules)
    {
        var shown = Shown.Common(row);
        shown["stateful"] = true;
        shown["shared"] = false;
        shown["security_group_rules"] = new JsonArray([.. rules.OrderBy(r => r.Id, StringComparer.Ordinal).Select(Show)]);
        return shown;
    }

    public static JsonObject Show(GroupRuleRow row)
    {
        var shown = Shown.Common(row);
        shown.Remove("name");
        shown["security_group_id"] = row.GroupId;
        shown["direction"] = row.Direction;
        shown["ethertype"] = row.Ethertype;
        shown["protocol"] = row.Protocol;
        shown["port_range_min"] = row.PortMin;
        shown["port_range_max"] = row.PortMax;
        shown["remote_ip_prefix"] = row.RemoteIpPrefix;
        shown["normalized_cidr"] = row.RemoteIpPrefix;
        shown["remote_group_id"] = row.RemoteGroupId;
        shown["remote_address_group_id"] = null;
        return shown;
    }
}
