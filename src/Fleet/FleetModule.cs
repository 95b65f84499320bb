using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Fleet;

/// <summary>The only thing of this module that the server sees.</summary>
public static class FleetModule
{
    public static IServiceCollection AddFleet(this IServiceCollection services, FleetOptions options) => services.AddSingleton(options);
}
