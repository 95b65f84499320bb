namespace Xiangyun.Network;

/// <param name="Fabric"><c>ovn:unix:/path/nb.sock</c>, <c>ovn:tcp:ip:6641</c> or <c>simulated</c>.</param>
/// <param name="TunnelMtu">MTU of tenant networks: 1500 less the tunnel header.</param>
public sealed record NetworkOptions(string Fabric, int TunnelMtu = 1400);
