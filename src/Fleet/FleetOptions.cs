namespace Xiangyun.Fleet;

/// <param name="Hosts">Hosts that are registered at start: a name and <c>unix:/path</c> or <c>https://ip:port</c>. Simulated hosts share one endpoint.</param>
/// <param name="TlsDirectory">ca.crt, server.crt, server.key.</param>
public sealed record FleetOptions(IReadOnlyList<HostEndpoint> Hosts, string TlsDirectory);

public sealed record HostEndpoint(string Name, string Endpoint);
