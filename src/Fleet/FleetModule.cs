using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Links;
using Xiangyun.Fleet.Plans;
using Xiangyun.Fleet.Power;
using Xiangyun.Fleet.Public;
using Xiangyun.Reconcile;
using Xiangyun.Wire;

namespace Xiangyun.Fleet;

/// <summary>The only thing of this module that the server sees.</summary>
public static class FleetModule
{
    public static IServiceCollection AddFleet(this IServiceCollection services, FleetOptions options) => services
        .AddSingleton(options).AddSingleton<Agents>().AddSingleton<ImagePush>()
        .AddSingleton<HostStore>().AddSingleton<IHosts>(p => p.GetRequiredService<HostStore>()).AddSingleton<IHostLink, HostLink>()
        .AddHostedService<Registration>().AddHostedService<Watch>()
        .AddSingleton<Store.Figures.IFigures, HostFigures>().AddSingleton<Store.Alarms.IAlarmSource, HostAlarms>()
        .AddSingleton<Controllers>().AddSingleton<IHostPower, PowerDesk>()
        .AddSingleton(new Store.ChangeRoute(FleetWork.HostChanged, PowerReconciler.WorkKind, (_, id) => Task.FromResult<IReadOnlyList<string>>([id])))
        .AddReconciler<PowerReconciler>().AddApi<PowerApi>().AddApi<BmcApi>().AddSingleton<Store.Alarms.IAlarmSource, PowerAlarms>()
        .AddReconciler<HostReconciler>().AddApi<HostApi>();
}
