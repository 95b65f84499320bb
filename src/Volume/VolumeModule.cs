using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Volume;

/// <summary>The only thing of this module that the server sees.</summary>
public static class VolumeModule
{
    public static IServiceCollection AddVolume(this IServiceCollection services) => services;
}
