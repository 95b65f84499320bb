using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Xiangyun.Engines.Bmc;

/// <summary>
/// Whom a controller must prove to be. Most bring a certificate of their own making, so its fingerprint (SHA-256) is what an operator can compare;
/// where the house has a certificate authority, its certificate says it for all. Nothing is believed unchecked.
/// </summary>
public static class Pinned
{
    /// <param name="fingerprint">SHA-256 of the certificate, hexadecimal, colons allowed; null = <paramref name="authority"/> decides.</param>
    /// <param name="authority">PEM; null = the authorities of this machine.</param>
    /// <param name="shown">What was shown when it was refused.</param>
    public static bool Accepts(X509Certificate? certificate, SslPolicyErrors errors, string? fingerprint, string? authority, out string shown)
    {
        shown = certificate is null ? "no certificate" : Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
        if (certificate is not X509Certificate2 one) return false;
        if (fingerprint is not null) return CryptographicOperations.FixedTimeEquals(Convert.FromHexString(Canonical(fingerprint)), SHA256.HashData(one.RawData));
        if (authority is null) return errors == SslPolicyErrors.None;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(one);
    }

    public static string Canonical(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>64 hexadecimal digits, in pairs with colons or without.</summary>
    public static bool IsFingerprint(string text) => Canonical(text) is { Length: 64 } digits && digits.All(char.IsAsciiHexDigit);
}
