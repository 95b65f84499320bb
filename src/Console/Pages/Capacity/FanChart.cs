using Xiangyun.Client.Records;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Capacity;

/// <summary>The past and what may come of one resource: allocated, used, what may be handed out, and the band between p10 and p90.</summary>
internal static class FanChart
{
    public static object Of(CapacityCourse c, Words w)
    {
        var (history, fan) = (c.History ?? [], c.Fan ?? []);
        var shift = w.Offset.TotalMilliseconds;
        IEnumerable<double?[]> Past(int column) => history.Select(p => new[] { p[0] + shift, p[column] });
        IEnumerable<double?[]> Coming(Func<List<double>, double> value) => fan.Select(p => new double?[] { p[0] + shift, value(p) });
        object Line(string name, IEnumerable<double?[]> data, string colour, string type = "solid", int width = 2) => new { type = "line", name, showSymbol = history.Count < 3 && type == "solid", data, lineStyle = new { width, color = colour, type }, itemStyle = new { color = colour } };
        object Band(string name, IEnumerable<double?[]> data, double opacity) => new { type = "line", name, stack = "band", showSymbol = false, silent = true, data, lineStyle = new { width = 0, color = "#3c7eff" }, itemStyle = new { color = "#3c7eff" }, areaStyle = new { color = "#3c7eff", opacity } };
        var end = fan.Count > 0 ? fan[^1][0] : history.Count > 0 ? history[^1][0] ?? 0 : 0;
        var limit = history.Select(p => new[] { p[0] + shift, p[3] }).Append([end + shift, c.Capacity]);
        return new
        {
            useUTC = true, grid = new { left = 64, right = 20, top = 36, bottom = 28 }, tooltip = new { trigger = "axis" },
            legend = new { top = 4, textStyle = new { color = "var(--quiet)" }, data = new[] { w["capacity.allocated"], w["capacity.used"], w["capacity.may"], w["capacity.median"], w["capacity.band"] } },
            xAxis = new { type = "time", axisLabel = new { color = "var(--quiet)", fontSize = 11 }, axisLine = new { lineStyle = new { color = "var(--line)" } } },
            yAxis = new { type = "value", min = 0, name = c.Unit, nameTextStyle = new { color = "var(--quiet)" }, axisLabel = new { color = "var(--quiet)" }, splitLine = new { lineStyle = new { color = "var(--line)" } } },
            series = new[]
            {
                Band("p10", Coming(p => p[1]), 0), Band(w["capacity.band"], Coming(p => p[3] - p[1]), 0.22), Line(w["capacity.median"], Coming(p => p[2]), "#3c7eff", "dashed"),
                Line(w["capacity.allocated"], Past(1), "#3c7eff"), Line(w["capacity.used"], Past(2), "#27a555"), Line(w["capacity.may"], limit, "#f04438", "dotted"),
            },
        };
    }
}
