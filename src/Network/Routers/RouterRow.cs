using Xiangyun.Network.Data;
using Xiangyun.Network.Subnets;

namespace Xiangyun.Network.Routers;

internal sealed class RouterRow : ResourceRow
{
    public bool AdminStateUp { get; set; } = true;
    public string? GatewayPortId { get; set; }
    public string? GatewayNetworkId { get; set; }
    public bool EnableSnat { get; set; } = true;
    /// <summary>Static routes, as a list of <see cref="HostRoute"/>.</summary>
    public string Routes { get; set; } = "[]";
}
