using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Energy.Api;
using Xiangyun.Energy.Counting;
using Xiangyun.Fleet.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store.Figures;
using Xiangyun.Wire;

namespace Xiangyun.Energy;

/// <summary>The only thing of this module that the server sees.</summary>
public static class EnergyModule
{
    public static IServiceCollection AddEnergy(this IServiceCollection services) => services
        .AddSingleton<Holders>().AddSingleton<IPowerCurves, Curves>().AddReconciler<Counter>().AddSingleton<IFigures, EnergyFigures>()
        .AddApi<EnergyApi>().AddApi<NowApi>().AddApi<SettingsApi>();
}
