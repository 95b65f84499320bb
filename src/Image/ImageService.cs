using Xiangyun.Wire;

namespace Xiangyun.Image;

internal static class ImageService
{
    public static readonly Service Service = new()
    {
        Types = ["image"],
        Name = "glance",
        Root = "/image",
        Prefixes = ["/v2"],
        Errors = ErrorStyle.Glance,
    };
}
