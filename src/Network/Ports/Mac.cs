using System.Globalization;
using System.Security.Cryptography;
using Xiangyun.Kernel;

namespace Xiangyun.Network.Ports;

internal static class Mac
{
    /// <summary>OpenStack's prefix and three random bytes.</summary>
    public static string New()
    {
        var bytes = RandomNumberGenerator.GetBytes(3);
        return $"fa:16:3e:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}";
    }

    /// <summary>A stable address of the cloud itself (DHCP server of a network), locally administered.</summary>
    public static string From(string id)
    {
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id));
        return $"02:16:3e:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}";
    }

    public static string Wanted(string text)
    {
        var parts = text.ToLowerInvariant().Split(text.Contains('-') ? '-' : ':');
        if (parts.Length == 6 && parts.All(p => p.Length == 2 && byte.TryParse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            && (byte.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 1) == 0 && parts.Any(p => p != "00"))
            return string.Join(':', parts);
        throw CloudError.Invalid($"Invalid input for mac_address. Reason: '{text}' is not a valid unicast MAC address.", "HTTPBadRequest");
    }
}
