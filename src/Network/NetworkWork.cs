namespace Xiangyun.Network;

/// <summary>Work kinds of this module: whose key is an id of that resource.</summary>
internal static class NetworkWork
{
    public const string Network = "network";
    public const string Port = "port";
    public const string Router = "router";
    public const string Group = "security_group";
    public const string Sweep = "network_sweep";
}
