using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Xiangyun.Engines.Bmc;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Fleet.Power;

/// <summary>Settings of a controller as an operator gives them, checked as far as one can without asking it.</summary>
internal sealed partial record BmcWish(string Kind, string Address, int Port, string User, string? Password, string? Fingerprint, string? Authority, string? System, string? Mac)
{
    public static BmcWish Read(Fields body)
    {
        var kind = body.OneOf("kind", BmcRow.Redfish, BmcRow.Ipmi, BmcRow.Wake) ?? throw Wrong("kind", "it is missing. It must be one of: redfish, ipmi, wake-on-lan");
        var wake = kind == BmcRow.Wake;
        var wish = new BmcWish(kind, wake ? body.TextOr("address", 1, 255) ?? "255.255.255.255" : body.Text("address", 1, 255),
            (int)(body.NumberOr("port", 1, 65535) ?? kind switch { BmcRow.Redfish => 443, BmcRow.Ipmi => 623, _ => 9 }),
            wake ? "" : body.Text("user", 1, 64), wake ? null : body.TextOr("password", 1, 256), body.TextOr("fingerprint", 1, 95), body.TextOr("authority", 1, 16384), body.TextOr("system", 1, 128), wake ? body.Text("mac", 12, 17) : null);
        body.Done();
        if (Uri.CheckHostName(wish.Address) == UriHostNameType.Unknown) throw Wrong("address", $"'{wish.Address}' is no host name and no IP address");
        if (wake && !IPAddress.TryParse(wish.Address, out _)) throw Wrong("address", "it must be an IP address: the broadcast address of the network that the card is in");
        if (wish.Mac is { } mac && !MacAddress().IsMatch(mac)) throw Wrong("mac", $"'{mac}' is not six bytes as in 52:54:00:12:34:56");
        if (wish.Fingerprint is { } print && !Pinned.IsFingerprint(print)) throw Wrong("fingerprint", "it must be the SHA-256 of the certificate, 64 hexadecimal digits");
        if (wish.Authority is { } pem && !IsCertificate(pem)) throw Wrong("authority", "it must be a certificate in PEM form");
        if (kind != BmcRow.Redfish && (wish.Fingerprint ?? wish.Authority ?? wish.System) is not null) throw Wrong("kind", "fingerprint, authority and system are for redfish only");
        return wish;
    }

    private static CloudError Wrong(string name, string why) => CloudError.Invalid($"Invalid input for field/attribute bmc.{name}: {why}.");

    private static bool IsCertificate(string pem)
    {
        try
        {
            X509Certificate2.CreateFromPem(pem).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex("^([0-9a-fA-F]{2}[:-]?){5}[0-9a-fA-F]{2}$")]
    private static partial Regex MacAddress();
}
