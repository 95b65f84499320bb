using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Xiangyun.Agent.Rpc;

/// <summary>Both sides show a certificate of the cloud's own authority; nobody else's counts.</summary>
internal static class MutualTls
{
    public static void Configure(HttpsConnectionAdapterOptions https, string directory)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(directory, "ca.crt"));
        https.ServerCertificate = X509Certificate2.CreateFromPemFile(Path.Combine(directory, "agent.crt"), Path.Combine(directory, "agent.key"));
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.SslProtocols = SslProtocols.Tls13 | SslProtocols.Tls12;
        https.ClientCertificateValidation = (certificate, _, _) => SignedBy(authority, certificate);
    }

    internal static bool SignedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a local authority publishes no list; a lost key means a new authority
        return chain.Build(certificate);
    }
}
