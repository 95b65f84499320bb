using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Capacity.Advice;
using Xiangyun.Capacity.Forecasting;
using Xiangyun.Capacity.Idle;
using Xiangyun.Capacity.Settings;
using Xiangyun.Capacity.Windows;
using Xiangyun.Reconcile;
using Xiangyun.Wire;

namespace Xiangyun.Capacity;

/// <summary>The only thing of this module that the server sees.</summary>
public static class CapacityModule
{
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddCapacity(this IServiceCollection services) => services
        .AddSingleton<Sight>().AddSingleton<Survey>().AddSingleton<IReconciler>(p => p.GetRequiredService<Survey>()).AddReconciler<AdviceReconciler>().AddSingleton<Releasing>().AddReconciler<ReleaseReconciler>()
        .AddApi<PolicyApi>().AddApi<WindowApi>().AddApi<AdviceApi>().AddApi<IdleApi>()
        .AddSingleton<Runway>().AddHostedService<Gauges>().AddSingleton<Store.Alarms.IAlarmSource, CapacityAlarms>().AddSingleton<Store.Tasks.ITaskSource, AdviceTasks>().AddReconciler<DaySurvey>().AddApi<ForecastApi>().AddApi<WhatIf.WhatIfApi>().AddApi<Reports.UtilisationApi>().AddApi<SurveyApi>();
}
