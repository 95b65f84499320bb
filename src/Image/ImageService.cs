using Xiangyun.Wire;

namespace Xiangyun.Image;

internal static class ImageService
{
    /// <summary>The one place where data of images is kept, as clients call it.</summary>
    public const string Store = "files";

    public static readonly Service Service = new()
    {
        Types = ["image"],
        Name = "glance",
        Root = "/image",
        Prefixes = ["/v2"],
        Errors = ErrorStyle.Glance,
    };
}
