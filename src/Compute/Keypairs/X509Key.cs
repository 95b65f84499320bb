using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xiangyun.Kernel;

namespace Xiangyun.Compute.Keypairs;

/// <summary>Keypairs of kind x509 (2.2), as Windows guests want them: a certificate in PEM with its SHA-1 fingerprint in colon form.</summary>
internal static class X509Key
{
    public static string Fingerprint(string certificate)
    {
        try
        {
            using var read = X509Certificate2.CreateFromPem(certificate);
            return string.Join(':', SHA1.HashData(read.RawData).Select(b => b.ToString("x2")));
        }
        catch (CryptographicException)
        {
            throw CloudError.Invalid("Keypair data is invalid: of type x509 it must be a certificate in PEM.");
        }
    }

    /// <summary>A self-signed certificate of the user for WinRM, and its private key.</summary>
    public static (string Public, string Private) Generate(string userId, DateTimeOffset now)
    {
        using var rsa = RSA.Create(3072);
        var request = new CertificateRequest($"CN={userId}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return (certificate.ExportCertificatePem() + "\n", rsa.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
