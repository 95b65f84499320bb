using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Operations.Alarms;
using Xiangyun.Operations.Own;
using Xiangyun.Operations.Tasks;
using Xiangyun.Operations.Webhook;
using Xiangyun.Reconcile;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Figures;
using Xiangyun.Wire;

namespace Xiangyun.Operations;

/// <param name="TlsDirectory">The certificates that servers and agents know each other by.</param>
public sealed record OperationsOptions(string TlsDirectory);

/// <summary>The only thing of this module that the server sees.</summary>
public static class OperationsModule
{
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddOperations(this IServiceCollection services, OperationsOptions options) => services
        .AddSingleton(options).AddSingleton<Sight>()
        .AddSingleton<Kinds>().AddSingleton<AlarmSettings>().AddSingleton<AlarmBook>().AddSingleton<Outbox>().AddReconciler<Watcher>().AddReconciler<WebhookReconciler>()
        .AddSingleton<IAlarmSource, TlsAlarms>().AddSingleton<IFigures, AlarmFigures>().AddApi<AlarmApi>().AddApi<SettingsApi>()
        .AddSingleton<TaskBook>().AddSingleton<IFigures, TaskFigures>().AddApi<TaskApi>();
}
