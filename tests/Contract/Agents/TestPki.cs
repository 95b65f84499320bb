using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Xiangyun.Contract.Agents;

/// <summary>An authority of the test's own, with a leaf for the agent and one for the server.</summary>
internal static class TestPki
{
    public static void Make(string directory)
    {
        Directory.CreateDirectory(directory);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(directory, "ca.crt"), authority.ExportCertificatePem());
        foreach (var name in new[] { "server", "agent" })
        {
            using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest($"CN=xiangyun-{name}", leafKey, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddDnsName($"xiangyun-{name}");
            names.AddIpAddress(IPAddress.Loopback);
            leaf.CertificateExtensions.Add(names.Build());
            using var signed = leaf.Create(authority, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(directory, name + ".crt"), signed.ExportCertificatePem());
            File.WriteAllText(Path.Combine(directory, name + ".key"), leafKey.ExportPkcs8PrivateKeyPem());
        }
    }
}
