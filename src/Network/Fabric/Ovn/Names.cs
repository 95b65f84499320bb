namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>Names in the northbound database. A switch port is called by the bare id of its port, because libvirt insists on a UUID there.</summary>
internal static class Names
{
    public static string Switch(string networkId) => "xy-" + networkId;
    public static string Router(string routerId) => "xy-" + routerId;
    public static string RouterPort(string portId) => "lrp-" + portId;

    /// <summary>Stands in match expressions, where a dash would be an operator.</summary>
    public static string Group(string groupId) => "xy_" + groupId.Replace('-', '_');
}
