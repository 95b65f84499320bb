using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>The networking service as clients find it.</summary>
internal static class Neutron
{
    public static readonly Service Service = new()
    {
        Types = ["network"], Name = "neutron", Root = "/network", Prefixes = ["/v2.0"], Errors = ErrorStyle.Neutron,
    };
}
