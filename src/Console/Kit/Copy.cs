using System.Net;
using Microsoft.AspNetCore.Components;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Kit;

/// <summary>A value with a button that copies it; the page's script does the copying. One piece of markup, because lists have one in each row; all in it is encoded.</summary>
internal static class Copy
{
    public static MarkupString Of(Words words, string? value, bool cut = false)
    {
        var text = value ?? "";
        var (whole, shown, say) = (WebUtility.HtmlEncode(text), WebUtility.HtmlEncode(cut && text.Length > 13 ? text[..8] + "…" + text[^4..] : text), WebUtility.HtmlEncode(words["kit.copy"]));
        return new MarkupString($"<span class=\"xy-copy\"><code title=\"{whole}\">{shown}</code><button type=\"button\" class=\"xy-icon\" data-copy=\"{whole}\" title=\"{say}\" aria-label=\"{say}\">{Svg.Of(MudBlazor.Icons.Material.Outlined.ContentCopy, 13)}</button></span>");
    }
}
