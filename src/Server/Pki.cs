using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Xiangyun.Server;

/// <summary>
/// The local certificate authority, made at first start: it signs the server's and the agents' certificates, so that
/// TLS is on from the first request and server and agent know each other (mutual TLS). ECDSA P-256.
/// </summary>
internal static class Pki
{
    private static readonly string[] Purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]; // server and client authentication

    /// <summary>Makes what is missing in <paramref name="directory"/>; what is there stays.</summary>
    /// <param name="hosts">Addresses of hosts between which guests move; each gets a certificate called after it.</param>
    public static void Ensure(string directory, IReadOnlyList<string> names, TimeProvider clock, IReadOnlyList<string>? hosts = null)
    {
        Directory.CreateDirectory(directory);
        var now = clock.GetUtcNow();
        if (!File.Exists(Path.Combine(directory, "ca.key"))) MakeAuthority(directory, now);
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(directory, "ca.crt"), Path.Combine(directory, "ca.key"));
        foreach (var who in new[] { "server", "agent" })
            if (!File.Exists(Path.Combine(directory, who + ".key"))) MakeLeaf(directory, who, [.. names, "localhost", $"xiangyun-{who}", "127.0.0.1"], authority, now, X509KeyUsageFlags.DigitalSignature);
        foreach (var host in hosts ?? [])
            if (!File.Exists(Path.Combine(directory, host + ".key"))) MakeLeaf(directory, host, [host], authority, now, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment); // libvirt and QEMU want both
    }

    private static void MakeAuthority(string directory, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Xiangyun local CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        Write(directory, "ca", certificate, key);
    }

    private static void MakeLeaf(string directory, string who, IReadOnlyList<string> names, X509Certificate2 authority, DateTimeOffset now, X509KeyUsageFlags usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=xiangyun-{who}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct())
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. Collection()], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var certificate = request.Create(authority, now.AddDays(-1), authority.NotAfter.AddDays(-1), serial);
        Write(directory, who, certificate, key);
    }

    private static OidCollection Collection()
    {
        var collection = new OidCollection();
        foreach (var purpose in Purposes) collection.Add(new Oid(purpose));
        return collection;
    }

    private static void Write(string directory, string who, X509Certificate2 certificate, ECDsa key)
    {
        File.WriteAllText(Path.Combine(directory, who + ".crt"), certificate.ExportCertificatePem() + "\n");
        var file = Path.Combine(directory, who + ".key");
        using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        using (var writer = new StreamWriter(stream))
            writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
