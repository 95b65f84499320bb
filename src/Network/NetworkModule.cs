using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Network;

/// <summary>The only thing of this module that the server sees.</summary>
public static class NetworkModule
{
    public static IServiceCollection AddNetwork(this IServiceCollection services, NetworkOptions options) => services.AddSingleton(options);
}
