using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xiangyun.Kernel;

namespace Xiangyun.Network.Subnets;

/// <summary>An address of either version, as a plain number, so that ranges and gaps are arithmetic.</summary>
internal readonly record struct Ip(int Version, UInt128 Number)
{
    /// <summary>IPv4 strictly: four decimal parts, nothing shorter and no leading zeros. IPv6 in any of its spellings, without a zone.</summary>
    public static Ip? Parse(string? text)
    {
        if (text is null) return null;
        if (text.Contains(':')) return Parse6(text);
        var parts = text.Split('.');
        if (parts.Length != 4) return null;
        uint address = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || part.Length > 1 && part[0] == '0' || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            address = address << 8 | value;
        }
        return new Ip(4, address);
    }

    private static Ip? Parse6(string text) =>
        !text.Contains('%') && !text.Contains('[') && IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6
            ? new Ip(6, BinaryPrimitives.ReadUInt128BigEndian(ip.GetAddressBytes())) : null;

    public static Ip Of(string text) => Parse(text) ?? throw new FormatException($"'{text}' is no IP address");

    /// <summary>Reads what a client sent for an attribute.</summary>
    public static Ip Wanted(string attribute, string text) => Parse(text)
        ?? throw CloudError.Invalid($"Invalid input for {attribute}. Reason: '{text}' is not a valid IP address.", "HTTPBadRequest");

    public static Ip operator +(Ip address, int offset) => address with { Number = address.Number + (UInt128)offset };
    public static Ip operator -(Ip address, int offset) => address with { Number = address.Number - (UInt128)offset };
    public static bool operator <(Ip a, Ip b) => a.Number < b.Number;
    public static bool operator >(Ip a, Ip b) => a.Number > b.Number;
    public static bool operator <=(Ip a, Ip b) => a.Number <= b.Number;
    public static bool operator >=(Ip a, Ip b) => a.Number >= b.Number;

    /// <summary>The canonical spelling.</summary>
    public override string ToString()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Number);
        return new IPAddress(Version == 4 ? bytes.AsSpan(12) : bytes).ToString();
    }
}
