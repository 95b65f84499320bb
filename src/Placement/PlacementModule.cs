using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Placement;

/// <summary>The only thing of this module that the server sees.</summary>
public static class PlacementModule
{
    public static IServiceCollection AddPlacement(this IServiceCollection services) => services;
}
