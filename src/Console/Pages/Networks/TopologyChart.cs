using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Networks;

/// <summary>A map as data for the chart. Kinds are the legend's entries: each can be switched off there.</summary>
internal static class TopologyChart
{
    private static string? Heat(MapNode n) => n.Load switch { null => null, < 30 => "#2bb673", < 60 => "#98a63a", < 85 => "#f79009", _ => "#e5484d" };

    private static readonly (string Kind, string Colour, string Symbol)[] Kinds =
    [
        ("exit", "#1664ff", "roundRect"), ("router", "#7b61ff", "diamond"), ("network", "#00a3a3", "roundRect"), ("running", "#27a555", "circle"), ("off", "#9aa4b2", "circle"), ("busy", "#f79009", "circle"), ("error", "#e5484d", "circle"), ("host", "#667085", "rect"), ("host_down", "#e5484d", "rect"),
    ];

    /// <param name="found">What somebody searched for: it is marked, and the picture is moved to it.</param>
    public static object Of(TopologyMap map, Words w, string? found = null)
    {
        var many = map.Nodes.Count > 150;
        var shown = Kinds.Where(k => map.Nodes.Any(n => n.Kind == k.Kind)).ToList();
        var hosts = map.Nodes.Where(n => n.Kind is "host" or "host_down").Select(n => n.Id).ToHashSet();
        var at = map.Nodes.FirstOrDefault(n => n.Id == found);
        var nodes = map.Nodes.Select(n => new
        {
            id = n.Id, name = n.Name, x = n.X, y = n.Y, symbolSize = n.Id == found ? n.Size * 1.8 : n.Size, symbol = Kinds.First(k => k.Kind == n.Kind).Symbol, category = shown.FindIndex(k => k.Kind == n.Kind), href = n.Href, value = n.More,
            label = n.Kind is "exit" or "network" || !many || n.Id == found ? new { show = true, fontWeight = n.Id == found ? "bold" : "normal" } : null, itemStyle = n.Id == found ? new { color = Heat(n), borderColor = "var(--text)", borderWidth = 3 } : n.Load is null ? null : new { color = Heat(n), borderColor = "transparent", borderWidth = 0 },
        }).ToList();
        var graph = new Dictionary<string, object?>
        {
            ["type"] = "graph", ["layout"] = "none", ["roam"] = true, ["labelLayout"] = new { hideOverlap = true }, ["categories"] = shown.Select(k => new { name = w["topology.kind_" + k.Kind], itemStyle = new { color = k.Colour } }),
            ["data"] = nodes, ["links"] = map.Links.Select(l => new { source = l.From, target = l.To, lineStyle = many && hosts.Contains(l.To) ? new { opacity = 0.06 } : null }).ToList(), ["label"] = new { position = "bottom", color = "var(--text)", fontSize = 11, textBorderColor = "var(--card)", textBorderWidth = 3 }, ["lineStyle"] = new { color = "var(--faint)", width = 1, opacity = many ? 0.35 : 0.6, curveness = 0 },
            ["emphasis"] = new { focus = "adjacency", label = new { show = true } }, ["scaleLimit"] = new { min = 0.5, max = 30 }, ["animation"] = !many, ["progressive"] = 0,
        };
        // one side is left open, so that the picture keeps its proportions: circles stay circles
        if (map.Wide) (graph["left"], graph["right"], graph["top"]) = (36, 36, "center");
        else (graph["top"], graph["bottom"], graph["left"]) = (64, 36, "center");
        if (at is not null) (graph["center"], graph["zoom"]) = (new[] { at.X, at.Y }, many ? 6 : 2);
        return new
        {
            tooltip = new { show = true }, series = new[] { graph },
            legend = new { top = 8, left = 12, padding = 8, backgroundColor = "var(--card)", borderColor = "var(--line)", borderWidth = 1, borderRadius = 4, textStyle = new { color = "var(--quiet)" }, data = shown.Select(k => w["topology.kind_" + k.Kind]) },
        };
    }
}
