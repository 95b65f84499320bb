using System.Globalization;
using Xiangyun.Kernel;

namespace Xiangyun.Network.Subnets;

/// <summary>An IPv4 network. Addresses are plain numbers, so that ranges and gaps are arithmetic.</summary>
internal readonly record struct Cidr4(uint Network, int Prefix)
{
    private uint Mask => Prefix == 0 ? 0 : uint.MaxValue << (32 - Prefix);

    public uint Broadcast => Network | ~Mask;
    /// <summary>First and last address that a port may have. /31 and /32 have no network and broadcast address (RFC 3021).</summary>
    public uint First => Prefix >= 31 ? Network : Network + 1;
    public uint Last => Prefix >= 31 ? Broadcast : Broadcast - 1;

    public bool Holds(uint address) => (address & Mask) == Network;
    public bool Usable(uint address) => Holds(address) && address >= First && address <= Last;
    public bool Overlaps(Cidr4 other) => Holds(other.Network) || other.Holds(Network);
    public override string ToString() => $"{Ip4.Text(Network)}/{Prefix}";

    /// <summary>Host bits are cut off; without a prefix length it is one address.</summary>
    public static Cidr4? Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || Ip4.Parse(parts[0]) is not { } address) return null;
        var prefix = 32;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > 32)) return null;
        return new Cidr4(address & new Cidr4(0, prefix).Mask, prefix);
    }

    public static Cidr4 Of(string text) => Parse(text) ?? throw new FormatException($"'{text}' is no IPv4 network");
}

internal static class Ip4
{
    /// <summary>Four decimal parts, nothing shorter and no leading zeros.</summary>
    public static uint? Parse(string? text)
    {
        var parts = text?.Split('.') ?? [];
        if (parts.Length != 4) return null;
        uint address = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || part.Length > 1 && part[0] == '0' || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            address = address << 8 | value;
        }
        return address;
    }

    public static uint Of(string text) => Parse(text) ?? throw new FormatException($"'{text}' is no IPv4 address");

    public static string Text(long address) => $"{address >> 24 & 255}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}";

    /// <summary>Reads what a client sent for an attribute.</summary>
    public static uint Wanted(string attribute, string text) => Parse(text)
        ?? throw CloudError.Invalid($"Invalid input for {attribute}. Reason: '{text}' is not a valid IPv4 address.", "HTTPBadRequest");
}
