using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Export;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Records;
using Xiangyun.Audit.Report;
using Xiangyun.Audit.Retention;
using Xiangyun.Wire;

namespace Xiangyun.Audit;

/// <summary>The only thing of this module that the server sees.</summary>
public static class AuditModule
{
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddAudit(this IServiceCollection services, AuditOptions options) => services
        .AddSingleton(options)
        .AddSingleton<Vault>().AddSingleton<KeyRing>().AddSingleton<Organisation>().AddSingleton<Links>().AddSingleton<Notary>().AddSingleton<Pruner>().AddSingleton<Sights>()
        .AddSingleton<Copy>().AddSingleton<Pages>()
        .AddSingleton<Store.Figures.IFigures, Records.AuditFigures>().AddSingleton<Store.Alarms.IAlarmSource, Records.AuditAlarms>().AddHostedService<Chainer>()
        .AddApi<RecordApi>().AddApi<StateApi>().AddApi<HeadApi>().AddApi<KeyApi>().AddApi<RetentionApi>().AddApi<ExportApi>().AddApi<ReportApi>();
}
