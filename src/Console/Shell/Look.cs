using MudBlazor;

namespace Xiangyun.Console.Shell;

/// <summary>What MudBlazor must know of our tokens: its dialogs, menus and pickers are drawn with the colours of tokens.css.</summary>
internal static class Look
{
    private static readonly string[] Fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight { Primary = "#1664ff", Background = "#f2f4f8", Surface = "#ffffff", TextPrimary = "#1d2129", TextSecondary = "#4e5969", LinesDefault = "#e5e8ef", AppbarBackground = "#101828", Error = "#cb2634", Success = "#00803c", Warning = "#b25f00" },
        PaletteDark = new PaletteDark { Primary = "#6aa1ff", Background = "#0d1117", Surface = "#161b24", TextPrimary = "#e6e9ef", TextSecondary = "#a5adba", LinesDefault = "#2b3240", AppbarBackground = "#090d14", Error = "#f76560", Success = "#4cd263", Warning = "#ffb65d" },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "13px", LineHeight = "1.5" }, Button = new ButtonTypography { FontFamily = Fonts, FontSize = "13px", TextTransform = "none", FontWeight = "400" } },
    };
}
