using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>Calls an agent the way a server does: mutual TLS over a unix socket.</summary>
internal sealed class Dial : IDisposable
{
    private readonly GrpcChannel _channel;

    public Dial(string socket, string tls, bool withCertificate = true)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, certificate, _, _) => SignedBy(tls, certificate) };
        if (withCertificate)
        {
            using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(tls, "server.crt"), Path.Combine(tls, "server.key"));
            options.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        }
        var handler = new SocketsHttpHandler
        {
            SslOptions = options,
            EnableMultipleHttp2Connections = true,
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("https://localhost", new GrpcChannelOptions { HttpHandler = handler, MaxReceiveMessageSize = null, DisposeHttpClient = true });
    }

    public HostAgent.HostAgentClient Host(string? name = null) =>
        name is null ? new HostAgent.HostAgentClient(_channel) : new HostAgent.HostAgentClient(_channel.Intercept(metadata =>
        {
            metadata.Add("xy-host", name);
            return metadata;
        }));

    private static bool SignedBy(string tls, X509Certificate? certificate)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(tls, "ca.crt"));
        using var shown = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }

    public void Dispose() => _channel.Dispose();
}
