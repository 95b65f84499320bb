using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Image;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ImageModule
{
    public static IServiceCollection AddImage(this IServiceCollection services, ImageOptions options) => services.AddSingleton(options);
}
