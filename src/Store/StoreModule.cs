using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;
using Xiangyun.Store.Tasks;
using Xiangyun.Store.Work;

namespace Xiangyun.Store;

public static class StoreModule
{
    public static IServiceCollection AddStore(this IServiceCollection services, string databaseUrl, AuditLevel audit = AuditLevel.Chained) => services
        .AddSingleton<WorkSignal>()
        .AddSingleton<WorkTable>()
        .AddSingleton<Migrator>()
        .AddSingleton<RefusalLog>()
        .AddSingleton<Meters>()
        .AddSingleton<IAlarmSource, WorkAlarms>().AddSingleton<IAlarmSource, QuotaAlarms>().AddSingleton<IAlarmSource, DatabaseAlarms>()
        .AddSingleton(p => new QuotaTree(p.GetServices<IOrganisations>().SingleOrDefault(), p.GetServices<IQuotaUse>()))
        .AddSingleton(p => new Database(databaseUrl, p.GetRequiredService<TimeProvider>(), p.GetServices<ChangeRoute>(), p.GetRequiredService<WorkSignal>(), p.GetRequiredService<QuotaTree>(), audit));
}
