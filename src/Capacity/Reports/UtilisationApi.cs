using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Reports;

/// <summary>/xiangyun/v1/capacity/utilisation: by organisation, what its servers have and what they used in the last 30 days; as JSON or CSV.</summary>
internal sealed class UtilisationApi(Database database, Sight sight, IServerFacts servers, ITelemetry telemetry, IOrganisations organisations) : IApi
{
    private const int Batch = 500;

    public Service Service => CapacityModule.Service;

    public void Map(Routes r) => r.Get("/capacity/utilisation", "capacity:read", Show);

    private async Task<Answer> Show(Call call)
    {
        var (by, csv) = (call.QueryOr("by") ?? "domain", call.QueryOr("format"));
        if (by is not ("domain" or "project") || csv is not (null or "json" or "csv")) throw CloudError.Invalid("by is domain or project, format is json or csv.");
        var (all, nodes) = await database.Read(async q =>
        {
            var mine = await sight.Projects(q, call.Actor);
            var list = await servers.All(q);
            return (mine is null ? list : [.. list.Where(s => mine.Contains(s.ProjectId))], (await organisations.All(q)).ToDictionary(n => n.Id));
        }, call.Stop);
        var sums = new Dictionary<string, Sums>();
        foreach (var batch in all.Chunk(Batch))
        {
            var months = await telemetry.Months([.. batch.Select(s => s.Id)]);
            foreach (var s in batch)
            {
                if (Of(nodes, s.ProjectId, by) is not { } node) continue;
                if (!sums.TryGetValue(node, out var sum)) sums[node] = sum = new Sums();
                sum.Add(s, months.GetValueOrDefault(s.Id) ?? []);
            }
        }
        var rows = sums.Select(s => (nodes[s.Key], s.Value)).OrderByDescending(s => s.Value.Vcpus).ThenBy(s => s.Item1.Name, StringComparer.Ordinal).ToList();
        return csv == "csv" ? Csv(rows) : Answer.Ok(new JsonObject { ["period"] = "30 days of hours", ["utilisation"] = new JsonArray([.. rows.Select(r => (JsonNode)r.Value.Wire(r.Item1))]) });
    }

    private static string? Of(IReadOnlyDictionary<string, OrganisationNode> nodes, string project, string by)
    {
        if (!nodes.TryGetValue(project, out var node)) return null;
        while (by == "domain" && node.ParentId is { } above && above != Quotas.Cloud && nodes.TryGetValue(above, out var next)) node = next;
        return node.Id;
    }

    private static Answer Csv(IEnumerable<(OrganisationNode Node, Sums Sums)> rows)
    {
        var text = new StringBuilder("\uFEFForganisation_id,name,servers,vcpus,ram_mib,cpu_avg_percent,cpu_p95_percent,cpu_peak_percent,memory_avg_percent,memory_p95_percent,memory_peak_percent,hours_known\r\n");
        foreach (var (node, sums) in rows) text.AppendJoin(',', sums.Cells(node).Select(Cell)).Append("\r\n");
        return new Answer(200)
        {
            Write = async http =>
            {
                http.Response.ContentType = "text/csv; charset=utf-8";
                http.Response.Headers.ContentDisposition = "attachment; filename=utilisation.csv";
                await http.Response.WriteAsync(text.ToString());
            },
        };
    }

    /// <summary>RFC 4180; what a spreadsheet would take for a formula gets an apostrophe.</summary>
    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string && text.Length > 0 && "=+-@\t\r".Contains(text[0])) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
