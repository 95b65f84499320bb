namespace Xiangyun.Image.Imports;

/// <summary>How data comes into an image that is imported: staged here before, or fetched from the web.</summary>
internal static class ImportMethods
{
    public const string Direct = "glance-direct", Web = "web-download";

    public static readonly IReadOnlyList<string> All = [Direct, Web];
}
