using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Xiangyun.Load;

/// <summary>Creates many servers in groups of fifty, waits until all are ACTIVE, and deletes them again.</summary>
internal static class ServerWave
{
    private const int Group = 50;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static async Task Run(Session cloud, Options options)
    {
        var servers = cloud.Endpoint("compute") + "/servers";
        var name = $"load-{Environment.ProcessId}-";
        var since = Stopwatch.StartNew();
        for (var made = 0; made < options.Servers; made += Group)
        {
            var count = Math.Min(Group, options.Servers - made);
            var server = new JsonObject { ["name"] = $"{name}{made}", ["flavorRef"] = options.Flavor, ["imageRef"] = options.Image, ["min_count"] = count, ["max_count"] = count };
            if (options.Network != "none") server["networks"] = new JsonArray(new JsonObject { ["uuid"] = options.Network });
            await cloud.Json(HttpMethod.Post, servers, new JsonObject { ["server"] = server });
        }
        var accepted = since.Elapsed;
        var states = await Until(cloud, servers, name, s => s.GetValueOrDefault("ACTIVE") + s.GetValueOrDefault("ERROR") >= options.Servers);
        Console.WriteLine($"{options.Servers} servers: accepted in {accepted.TotalSeconds:F1} s, settled in {since.Elapsed.TotalSeconds:F1} s ({string.Join(", ", states.Select(p => $"{p.Value} {p.Key}"))})");
        since.Restart();
        // All ids first: a page cannot begin at a marker that was deleted meanwhile.
        var ids = new List<string>();
        await foreach (var server in Mine(cloud, servers, name)) ids.Add((string)server["id"]!);
        foreach (var id in ids) await cloud.Ask(HttpMethod.Delete, $"{servers}/{id}");
        while ((await cloud.Json(HttpMethod.Get, $"{servers}?limit=1&name=^{name}"))["servers"]!.AsArray().Count > 0)
        {
            if (since.Elapsed > Longest) throw new TimeoutException($"Servers are still there after {Longest.TotalMinutes} minutes.");
            await Task.Delay(500);
        }
        Console.WriteLine($"{options.Servers} servers deleted in {since.Elapsed.TotalSeconds:F1} s");
    }

    private static async Task<Dictionary<string, int>> Until(Session cloud, string servers, string name, Func<Dictionary<string, int>, bool> wanted)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(500))
        {
            var states = new Dictionary<string, int>();
            await foreach (var server in Mine(cloud, servers, name)) states[(string)server["status"]!] = states.GetValueOrDefault((string)server["status"]!) + 1;
            if (wanted(states)) return states;
            if (since.Elapsed > Longest) throw new TimeoutException($"Not within {Longest.TotalMinutes} minutes: {string.Join(", ", states)}");
        }
    }

    private static async IAsyncEnumerable<JsonNode> Mine(Session cloud, string servers, string name)
    {
        for (string? marker = null; ;)
        {
            var page = (await cloud.Json(HttpMethod.Get, $"{servers}/detail?limit=1000&name=^{name}" + (marker is null ? "" : "&marker=" + marker)))["servers"]!.AsArray();
            foreach (var server in page) yield return server!;
            if (page.Count < 1000) yield break;
            marker = (string)page[^1]!["id"]!;
        }
    }
}
