using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Wire;

namespace Xiangyun.Screen;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ScreenModule
{
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddScreen(this IServiceCollection services) => services
        .AddSingleton<Gathering>().AddSingleton<Board>().AddHostedService(p => p.GetRequiredService<Board>()).AddApi<ScreenApi>().AddApi<TokenApi>();
}
