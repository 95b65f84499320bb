using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace Xiangyun.Console.Kit;

/// <summary>
/// An icon as one piece of markup. A component for each icon of a list page, with its own render trees, was a sixth of what an open page
/// keeps on the server. The paths are MudBlazor's; nothing that a person wrote comes in here.
/// </summary>
internal static class Svg
{
    private static readonly ConcurrentDictionary<(string, int), MarkupString> Made = new();

    public static MarkupString Of(string path, int pixels = 20) => Made.GetOrAdd((path, pixels), of => new MarkupString($"<svg class=\"xy-svg\" width=\"{of.Item2}\" height=\"{of.Item2}\" viewBox=\"0 0 24 24\" focusable=\"false\" aria-hidden=\"true\">{of.Item1}</svg>"));
}
