using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

/// <summary>Who tells guests of an IPv6 subnet its prefix (the router's advertisements), and how they get their address.</summary>
internal static class Ipv6Modes
{
    public const string Slaac = "slaac";
    public const string Stateless = "dhcpv6-stateless";
    private static readonly string[] All = [Slaac, "dhcpv6-stateful", Stateless];

    public static (string? Ra, string? Address) Read(Fields fields, Cidr cidr, bool dhcp)
    {
        var (ra, address) = (fields.OneOf("ipv6_ra_mode", All), fields.OneOf("ipv6_address_mode", All));
        if (ra is null && address is null) return (null, null);
        if (cidr.Version == 4) throw CloudError.Invalid("Invalid input for operation: ipv6_ra_mode and ipv6_address_mode are for IPv6 subnets only.", "InvalidInput");
        if (!dhcp) throw CloudError.Invalid("Invalid input for operation: ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False.", "InvalidInput");
        if (ra is not null && address is not null && ra != address)
            throw CloudError.Invalid($"Invalid input for operation: ipv6_ra_mode set to '{ra}' with ipv6_address_mode set to '{address}' is not valid. If both attributes are set, they must be the same value.", "InvalidInput");
        if ((address ?? ra) is Slaac or Stateless && cidr.Prefix != 64)
            throw CloudError.Invalid($"Invalid input for operation: Invalid CIDR {cidr} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64.", "InvalidInput");
        return (ra, address);
    }

    /// <summary>Guests make their own address of the prefix and their MAC.</summary>
    public static bool Automatic(SubnetRow subnet) => subnet.AddressMode is Slaac or Stateless || subnet.AddressMode is null && subnet.RaMode is Slaac or Stateless;
}
