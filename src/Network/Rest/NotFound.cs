using Xiangyun.Kernel;

namespace Xiangyun.Network.Rest;

/// <summary>404 in Neutron's words. What the caller may not see is answered the same way.</summary>
internal static class NotFound
{
    public static CloudError Of(string type, string what, string id) => CloudError.NotFound($"{what} {id} could not be found.", type);
    public static CloudError Network(string id) => Of("NetworkNotFound", "Network", id);
    public static CloudError Subnet(string id) => Of("SubnetNotFound", "Subnet", id);
    public static CloudError Port(string id) => Of("PortNotFound", "Port", id);
    public static CloudError Router(string id) => Of("RouterNotFound", "Router", id);
    public static CloudError FloatingIp(string id) => Of("FloatingIPNotFound", "Floating IP", id);
    public static CloudError Group(string id) => CloudError.NotFound($"Security group {id} does not exist.", "SecurityGroupNotFound");
    public static CloudError Rule(string id) => CloudError.NotFound($"Security group rule {id} does not exist.", "SecurityGroupRuleNotFound");
}
