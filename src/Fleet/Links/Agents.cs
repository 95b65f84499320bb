using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Protocol;

namespace Xiangyun.Fleet.Links;

/// <summary>
/// The agents' clients: one channel an endpoint with mutual TLS; the header <c>xy-host</c> says which of an endpoint's
/// hosts is meant (simulated hosts share one process).
/// </summary>
internal sealed class Agents(FleetOptions options) : IDisposable
{
    private const string AgentName = "xiangyun-agent";
    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new();

    public HostAgent.HostAgentClient Client(string endpoint) => 
        new(_channels.GetOrAdd(endpoint, e => new Lazy<GrpcChannel>(() => Connect(e), LazyThreadSafetyMode.PublicationOnly)).Value);

    public static CallOptions For(HostRow host, CancellationToken ct, TimeSpan? within = null, TimeProvider? clock = null) =>
        new(new Metadata { { "xy-host", host.Name } }, within is { } w ? (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime + w : null, ct);

    private GrpcChannel Connect(string endpoint)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(options.TlsDirectory, "ca.crt"));
        var own = X509Certificate2.CreateFromPemFile(Path.Combine(options.TlsDirectory, "server.crt"), Path.Combine(options.TlsDirectory, "server.key"));
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10), KeepAlivePingTimeout = TimeSpan.FromSeconds(10), KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = AgentName, ClientCertificates = [own],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 c && SignedBy(authority, c) && c.MatchesHostname(AgentName),
            },
        };
        var unix = endpoint.StartsWith("unix:", StringComparison.Ordinal) ? endpoint[5..] : null;
        if (unix is not null) handler.ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(unix), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return GrpcChannel.ForAddress(unix is null ? endpoint : $"https://{AgentName}", new GrpcChannelOptions
        {
            HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = 64 * 1024 * 1024, MaxSendMessageSize = 64 * 1024 * 1024,
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(200), MaxReconnectBackoff = TimeSpan.FromSeconds(3),
        });
    }

    private static bool SignedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(c => c.IsValueCreated)) channel.Value.Dispose();
    }
}
