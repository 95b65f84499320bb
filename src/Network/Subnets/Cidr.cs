using System.Globalization;

namespace Xiangyun.Network.Subnets;

/// <summary>An IP network of either version.</summary>
internal readonly record struct Cidr(Ip Network, int Prefix)
{
    public int Version => Network.Version;
    public int Bits => Version == 4 ? 32 : 128;

    private UInt128 HostBits => Prefix == Bits ? 0 : (UInt128.One << (Bits - Prefix)) - 1;

    public Ip Broadcast => Network with { Number = Network.Number | HostBits };
    /// <summary>First and last address that a port may have. The two longest prefixes have no network and broadcast address (RFC 3021), IPv6 has no broadcast.</summary>
    public Ip First => Prefix >= Bits - 1 ? Network : Network + 1;
    public Ip Last => Version == 6 || Prefix >= Bits - 1 ? Broadcast : Broadcast - 1;

    public bool Holds(Ip address) => address.Version == Version && (address.Number & ~HostBits) == Network.Number;
    public bool Usable(Ip address) => Holds(address) && address >= First && address <= Last;
    public bool Overlaps(Cidr other) => Holds(other.Network) || other.Holds(Network);
    public override string ToString() => $"{Network}/{Prefix}";

    /// <summary>Host bits are cut off; without a prefix length it is one address.</summary>
    public static Cidr? Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || Ip.Parse(parts[0]) is not { } address) return null;
        var bits = address.Version == 4 ? 32 : 128;
        var prefix = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits)) return null;
        return new Cidr(address with { Number = address.Number & ~new Cidr(address, prefix).HostBits }, prefix);
    }

    public static Cidr Of(string text) => Parse(text) ?? throw new FormatException($"'{text}' is no IP network");

    /// <summary>
    /// The number under which an address of this network stands in its table, in the order of the addresses: IPv4 as it
    /// is, IPv6 as its place in the network, with the top bit turned so that 64 unsigned bits sort as a signed number.
    /// </summary>
    public long Key(Ip address) => Version == 4 ? (long)address.Number : unchecked((long)((ulong)(address.Number - Network.Number) ^ 1UL << 63));

    public Ip At(long key) => Network with { Number = Version == 4 ? (UInt128)(ulong)key : Network.Number + (unchecked((ulong)key) ^ 1UL << 63) };

    /// <summary>The address that a guest makes of its MAC by itself (RFC 4291, modified EUI-64).</summary>
    public Ip Eui64(string mac)
    {
        var bytes = mac.Split(':').Select(p => byte.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        byte[] host = [(byte)(bytes[0] ^ 2), bytes[1], bytes[2], 0xff, 0xfe, bytes[3], bytes[4], bytes[5]];
        return Network with { Number = Network.Number | host.Aggregate(UInt128.Zero, (sum, b) => sum << 8 | b) };
    }
}
