using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xiangyun.Fleet.Public;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>The only thing of this module that the server sees.</summary>
public static class TelemetryModule
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSingleton<Swings>().AddSingleton<Memory>().AddSingleton<ITelemetry>(p => p.GetRequiredService<Memory>()).AddSingleton<IUseIntake>(p => p.GetRequiredService<Memory>())
        .AddSingleton<Gauges>().AddSingleton<Keeper>().AddSingleton<IHostedService>(p => { p.GetRequiredService<Gauges>(); return p.GetRequiredService<Keeper>(); });
}
