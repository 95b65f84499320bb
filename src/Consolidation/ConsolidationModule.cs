using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Consolidation.Clusters;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Consolidation.Safety;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ConsolidationModule
{
    internal const string PlanWork = "consolidation.plan", ClusterWork = "consolidation.cluster", RescueWork = "consolidation.rescue";
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddConsolidation(this IServiceCollection services) => services
        .AddSingleton<PolicyStore>().AddSingleton<IAdmission, Admission>().AddSingleton<Spent>().AddSingleton<EstateReader>().AddSingleton<PlanMaker>().AddSingleton<PlanBook>().AddSingleton<UndoMaker>().AddSingleton<Movements>().AddSingleton<Switching>()
        .AddReconciler<Executor>().AddReconciler<ClusterReconciler>()
        .AddSingleton(p => new ChangeRoute(FleetWork.HostChanged, ClusterWork, (q, id) => ClusterReconciler.Of(p.GetRequiredService<IHosts>(), q, id)))
        .AddSingleton<Store.Alarms.IAlarmSource, Operations.PromiseAlarms>().AddSingleton<Store.Tasks.ITaskSource, Operations.PlanTasks>()
        .AddSingleton<Promises>().AddSingleton<IUseIntake, Guard>().AddReconciler<Rescue>()
        .AddApi<PolicyApi>().AddApi<PlanApi>().AddApi<BreachApi>().AddApi<ClusterApi>();
}
