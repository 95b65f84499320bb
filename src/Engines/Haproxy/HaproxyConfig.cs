namespace Xiangyun.Engines.Haproxy;

/// <summary>
/// The proxy's configuration. A guest is known by network and address, so what it sends under those two names is
/// dropped before the proxy writes its own.
/// </summary>
internal static class HaproxyConfig
{
    public static string Text(string networkId, string socket) => $"""
        global
          maxconn 200
        defaults
          mode http
          timeout connect 5s
          timeout client 30s
          timeout server 30s
          timeout http-request 10s
        listen metadata
          bind 169.254.169.254:80
          http-request del-header X-Forwarded-For
          http-request del-header {HaproxyMetadata.NetworkHeader}
          http-request set-header {HaproxyMetadata.NetworkHeader} {networkId}
          option forwardfor
          server agent unix@{socket}

        """;
}
