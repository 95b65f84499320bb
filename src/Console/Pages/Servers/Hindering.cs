using System.Text.RegularExpressions;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Servers;

/// <summary>Why hosts do not take a server, in the reader's language; what has no words is shown as the API says it.</summary>
internal static partial class Hindering
{
    public static string Say(Words w, string reason) =>
        Less().Match(reason) is { Success: true } less ? w.Of("hindrance_of.less", less.Groups[1].Value, w.Value("hindrance_unit", less.Groups[2].Value))
        : Small().Match(reason) is { Success: true } small ? w.Of("hindrance_of.small", small.Groups[1].Value, w.Value("hindrance_unit", small.Groups[2].Value))
        : Zone().Match(reason) is { Success: true } zone ? w.Of("hindrance_of.zone", zone.Groups[1].Value)
        : Reserve().Match(reason) is { Success: true } kept ? w.Of("hindrance_of.reserve", kept.Groups[1].Value, w.Value("hindrance_unit", kept.Groups[2].Value))
        : w.Value("hindrance", reason);

    [GeneratedRegex(@"^less than (\d+) (.+) is free$")]
    private static partial Regex Less();

    [GeneratedRegex(@"^one server may not have (\d+) (.+) there$")]
    private static partial Regex Small();

    [GeneratedRegex("^not in zone (.+), which was asked for$")]
    private static partial Regex Zone();

    [GeneratedRegex(@"^room is kept for the failure of a host, and beside it less than (\d+) (.+) is left$")]
    private static partial Regex Reserve();
}
