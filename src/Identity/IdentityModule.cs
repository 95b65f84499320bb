using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Identity;

/// <summary>The only thing of this module that the server sees.</summary>
public static class IdentityModule
{
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services;
}
