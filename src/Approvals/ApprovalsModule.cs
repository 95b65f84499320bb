using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Approvals.Keeping;
using Xiangyun.Approvals.Plans;
using Xiangyun.Approvals.Requests;
using Xiangyun.Approvals.Rules;
using Xiangyun.Reconcile;
using Xiangyun.Store.Belongings;
using Xiangyun.Wire;

namespace Xiangyun.Approvals;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ApprovalsModule
{
    internal const string Work = "request";
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddApprovals(this IServiceCollection services) => services
        .AddSingleton<Trials>().AddSingleton<Planner>().AddSingleton<RuleStore>().AddSingleton<Consent>().AddSingleton<Deciders>().AddSingleton<Sight>()
        .AddSingleton<Face>().AddSingleton<Public.IDemands>(p => p.GetRequiredService<Face>()).AddSingleton<Public.IPrices>(p => p.GetRequiredService<Face>()).AddSingleton<IGate, Gate>().AddReconciler<CarryOut>()
        .AddApi<RequestApi>().AddApi<DecisionApi>().AddApi<RuleApi>().AddApi<PriceApi>()
        .AddSingleton<IBelongings, KeptThings>().AddSingleton<Store.Figures.IFigures, RequestFigures>().AddSingleton<Store.Alarms.IAlarmSource, Operations.RequestAlarms>().AddSingleton<Store.Tasks.ITaskSource, Operations.RequestTasks>().AddReconciler<Purger>().AddApi<RecycleBinApi>().AddApi<RecycleRuleApi>().AddApi<ProtectionApi>();
}
