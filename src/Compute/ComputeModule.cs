using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Compute;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ComputeModule
{
    public static IServiceCollection AddCompute(this IServiceCollection services) => services;
}
