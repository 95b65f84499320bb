using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Names;
using Xiangyun.Network.Rest;
using Xiangyun.Wire;

namespace Xiangyun.Network.Networks;

/// <summary>What a network may look like.</summary>
internal static class NetworkRules
{
    private const int SmallestMtu = 68; // RFC 791
    private const int EthernetMtu = 1500;

    public static NetworkRow Read(Actor actor, string projectId, Fields fields, int tunnelMtu)
    {
        Owner.AdminOnly(actor, fields, "shared", "router:external", "provider:network_type", "provider:physical_network", "provider:segmentation_id");
        var (type, physical, segment) = Provider(fields);
        var row = new NetworkRow
        {
            Id = Id.New(), ProjectId = projectId, ProviderType = type, PhysicalNetwork = physical, SegmentationId = segment, Mtu = Largest(type, tunnelMtu),
        };
        Apply(row, fields, tunnelMtu);
        return row;
    }

    public static void Change(Actor actor, NetworkRow row, Fields fields, int tunnelMtu)
    {
        Owner.AdminOnly(actor, fields, "shared", "router:external");
        Apply(row, fields, tunnelMtu);
    }

    private static void Apply(NetworkRow row, Fields fields, int tunnelMtu)
    {
        Shown.Naming(row, fields);
        row.AdminStateUp = fields.FlagOr("admin_state_up") ?? row.AdminStateUp;
        row.Shared = fields.FlagOr("shared") ?? row.Shared;
        row.External = fields.FlagOr("router:external") ?? row.External;
        row.PortSecurityEnabled = fields.FlagOr("port_security_enabled") ?? row.PortSecurityEnabled;
        row.DnsDomain = DnsNames.Domain(fields) ?? row.DnsDomain;
        if (fields.NumberOr("mtu", 0, 65535) is { } mtu and not 0) row.Mtu = InRange((int)mtu, Largest(row.ProviderType, tunnelMtu));
        if (fields.ItemsOr("availability_zone_hints") is { Count: > 0 })
            throw CloudError.Invalid("availability_zone_hints: networks of this cloud reach every zone; leave the list empty.", "InvalidInput");
        fields.Done();
    }

    private static int Largest(string type, int tunnelMtu) => type == "geneve" ? tunnelMtu : EthernetMtu;

    private static int InRange(int mtu, int largest) => mtu >= SmallestMtu && mtu <= largest ? mtu
        : throw CloudError.Invalid($"Invalid input for operation: Requested MTU is {(mtu < SmallestMtu ? "too small" : "too big")}, it must be between {SmallestMtu} and {largest}.", "InvalidInput");

    private static (string Type, string? Physical, int? Segment) Provider(Fields fields)
    {
        var type = fields.OneOf("provider:network_type", "geneve", "flat", "vlan");
        var physical = fields.TextOr("provider:physical_network", 1);
        var segment = (int?)fields.NumberOr("provider:segmentation_id", 1, 4094);
        return type switch
        {
            "flat" when physical is not null && segment is null => (type, physical, null),
            "flat" => throw Wrong("a flat network needs provider:physical_network and no provider:segmentation_id"),
            "vlan" when physical is not null && segment is not null => (type, physical, segment),
            "vlan" => throw Wrong("a vlan network needs provider:physical_network and provider:segmentation_id"),
            _ when physical is null && segment is null => ("geneve", null, null),
            _ => throw Wrong("a geneve network has neither provider:physical_network nor provider:segmentation_id"),
        };
    }

    private static CloudError Wrong(string why) => CloudError.Invalid($"Invalid input for operation: {why}.", "InvalidInput");
}
