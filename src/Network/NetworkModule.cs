using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Engines.Ovn;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Fabric.Ovn;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Public;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Routers;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Network.SubnetPools;
using Xiangyun.Network.Subnets;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network;

/// <summary>The only thing of this module that the server sees.</summary>
public static class NetworkModule
{
    public static IServiceCollection AddNetwork(this IServiceCollection services, NetworkOptions options) => services
        .AddSingleton(options)
        .AddSingleton<HostNames>()
        .AddSingleton<IPorts, PortFace>().AddSingleton<IServerAddresses, ServerAddresses>()
        .AddSingleton(Fabric(options))
        .AddSingleton<ISeenIntake, PortIntake>()
        .AddSingleton<IHostPlanPart, NetworkPlans>()
        .AddSingleton(new ChangeRoute(FleetWork.HostChanged, NetworkWork.Router, RoutersWithGateway))
        .AddSingleton<Store.Quotas.IQuotaUse, Limits.NetworkUse>().AddSingleton<Store.Figures.IFigures, Limits.NetworkFigures>().AddSingleton<Store.Idle.ILeftovers, Limits.NetworkLeftovers>()
        .AddSingleton<Store.Belongings.IBelongings, Limits.NetworkBelongings>()
        .AddSingleton<Store.Members.IMembers, FloatingIpMembers>()
        .AddReconciler<GroupReconciler>()
        .AddReconciler<NetworkReconciler>()
        .AddReconciler<PortReconciler>()
        .AddReconciler<RouterReconciler>()
        .AddReconciler<SweepReconciler>()
        .AddHostedService<PortWatch>()
        .AddApi<RootApi>()
        .AddApi<NetworkApi>()
        .AddApi<SubnetApi>()
        .AddApi<SubnetPoolApi>()
        .AddApi<AddressScopeApi>()
        .AddApi<PortApi>()
        .AddApi<RouterApi>()
        .AddApi<FloatingIpApi>()
        .AddApi<GroupApi>()
        .AddApi<RuleApi>()
        .AddApi<QuotaApi>()
        .AddApi<Sharing.SharingApi>()
        .AddApi<Trunks.TrunkApi>()
        .AddApi<Forwarding.ForwardingApi>()
        .AddApi<Qos.PolicyApi>()
        .AddApi<Qos.RuleApi>()
        .AddApi<Availability.AvailabilityApi>()
        .AddApi<Segments.SegmentApi>()
        .AddApi<AgentApi>();

    private static INetworkFabric Fabric(NetworkOptions options) => options.Fabric.Split(':', 2) switch
    {
        ["simulated"] => new SimulatedFabric(),
        ["ovn", var endpoints] => new OvnFabric(new Northbound(endpoints)),
        _ => throw new ArgumentException($"fabric '{options.Fabric}': write simulated, ovn:unix:/path or ovn:tcp:ip:port"),
    };

    /// <summary>A host came or went: the outer traffic of routers may have to move.</summary>
    private static async Task<IReadOnlyList<string>> RoutersWithGateway(Query q, string hostId) =>
        await q.Db<NetworkDb>().Routers.Where(r => r.GatewayPortId != null).Select(r => r.Id).ToListAsync();
}
