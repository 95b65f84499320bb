using System.Globalization;
using Xiangyun.Client.Records;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Consolidation;

/// <summary>The charts of a cluster's last day, as plain data for EChart. Moves are marks on the curve of use.</summary>
internal static class Curves
{
    private static readonly object Quiet = new { color = "var(--quiet)", fontSize = 11 };
    private static readonly object Split = new { lineStyle = new { color = "var(--line)" } };
    private static readonly object Grid = new { left = 44, right = 44, top = 36, bottom = 28 };

    private static object Time => new { type = "time", axisLabel = Quiet, axisLine = new { lineStyle = new { color = "var(--line)" } } };

    public static object Use(Cluster c, Words w) => new
    {
        useUTC = true, grid = Grid, tooltip = new { trigger = "axis" }, legend = new { top = 4, textStyle = new { color = "var(--quiet)" } }, xAxis = Time,
        yAxis = new { type = "value", min = 0, max = 100, axisLabel = new { color = "var(--quiet)", formatter = "{value} %" }, splitLine = Split },
        series = new object[]
        {
            new { type = "line", name = w["consolidation.cpu"], showSymbol = c.History!.Count < 3, data = c.History!.Select(p => new[] { p[0] + w.Offset.TotalMilliseconds, p[1] }), lineStyle = new { width = 2, color = "#3c7eff" }, itemStyle = new { color = "#3c7eff" }, areaStyle = new { color = "#3c7eff", opacity = 0.12 } },
            new { type = "scatter", name = w["consolidation.moves"], symbol = "triangle", symbolSize = 11, itemStyle = new { color = "#f79009" }, data = (c.Moves ?? []).Select(m => new double?[] { m[0] + w.Offset.TotalMilliseconds, At(c, m[0]) }) },
        },
    };

    /// <summary>The curve's value where the mark stands.</summary>
    private static double? At(Cluster c, double at) => c.History!.LastOrDefault(p => p[0] <= at)?[1] ?? 0;

    public static object Lit(Cluster c, Words w) => new
    {
        useUTC = true, grid = Grid, tooltip = new { trigger = "axis" }, legend = new { top = 4, textStyle = new { color = "var(--quiet)" } }, xAxis = Time,
        yAxis = new object[] { new { type = "value", min = 0, minInterval = 1, axisLabel = Quiet, splitLine = Split }, new { type = "value", min = 0, axisLabel = Quiet, splitLine = new { show = false } } },
        series = new object[]
        {
            new { type = "line", step = "end", name = w["consolidation.on"], showSymbol = c.History!.Count < 3, data = c.History!.Select(p => new[] { p[0] + w.Offset.TotalMilliseconds, p[2] }), lineStyle = new { width = 2, color = "#27a555" }, itemStyle = new { color = "#27a555" } },
            new { type = "line", yAxisIndex = 1, name = w["consolidation.kwh"], showSymbol = c.History!.Count < 3, data = c.History!.Select(p => new[] { p[0] + w.Offset.TotalMilliseconds, Math.Round((p[3] ?? 0) * 12, 2) }), lineStyle = new { width = 2, color = "#8a6cff", type = "dashed" }, itemStyle = new { color = "#8a6cff" } },
        },
    };

    public static object Scatter(Cluster c, Words w)
    {
        var most = c.Scatter!.Count == 0 ? 1 : c.Scatter.Max(s => s[0].GetDouble());
        return new
        {
            grid = new { left = 48, right = 20, top = 20, bottom = 44 }, tooltip = new { trigger = "item" },
            xAxis = new { type = "value", min = 0, name = w["consolidation.given"], nameLocation = "middle", nameGap = 28, axisLabel = Quiet, splitLine = Split, nameTextStyle = Quiet },
            yAxis = new { type = "value", min = 0, name = w["consolidation.used"], axisLabel = Quiet, splitLine = Split, nameTextStyle = Quiet },
            series = new object[]
            {
                new { type = "scatter", symbolSize = 7, itemStyle = new { color = "#3c7eff", opacity = 0.55 }, data = c.Scatter.Select(s => new { name = s[2].GetString(), value = new[] { s[0].GetDouble(), s[1].GetDouble() } }) },
                new { type = "line", showSymbol = false, silent = true, lineStyle = new { width = 1, type = "dashed", color = "var(--faint)" }, data = new[] { new[] { 0, 0.0 }, new[] { most, most } } },
            },
        };
    }

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Tone(string state) => state switch { "done" => "good", "failed" => "bad", "draft" => "accent", "stopped" or "undone" or "skipped" or "waiting" => "", _ => "busy" };
}
