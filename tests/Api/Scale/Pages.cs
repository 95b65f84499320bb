using Xiangyun.Testing;

namespace Xiangyun.Api.Scale;

public sealed class PagesOnSqlite() : Pages("sqlite");
public sealed class PagesOnPostgres() : Pages("postgres");

/// <summary>A list read page by page while others write: what was there before has to come exactly once.</summary>
public abstract class Pages(string database) : CloudTests(database)
{
    private const int Before = 40;

    [Fact]
    public async Task ports_are_neither_lost_nor_doubled_while_others_are_made()
    {
        var who = await Cloud.NewProject();
        var network = await who.NewNetwork();
        async Task<string> Make() => (string)(await who.Post("/network/v2.0/ports", new { port = new { network_id = network } })).Is(201)["port"]["id"]!;
        await ReadsEachOnce(Make, marker => Ids(who, "/network/v2.0/ports", "ports", marker));
    }

    [Fact]
    public async Task servers_are_neither_lost_nor_doubled_while_others_are_made()
    {
        var who = await Cloud.NewProject();
        (await Cloud.Admin.Put($"/compute/v2.1/os-quota-sets/{who.ProjectId}", new { quota_set = new { instances = -1, cores = -1, ram = -1 } })).Is(200);
        var (network, flavor, image) = (await who.NewNetwork(), await Cloud.NewFlavor(), await Cloud.NewImage());
        async Task<string> Make() => (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("page", flavor, image, network))).Is(202)["server"]["id"]!;
        await ReadsEachOnce(Make, marker => Ids(who, "/compute/v2.1/servers/detail", "servers", marker));
    }

    private static async Task ReadsEachOnce(Func<Task<string>> make, Func<string?, Task<List<string>>> page)
    {
        var before = new List<string>();
        for (var i = 0; i < Before; i++) before.Add(await make());
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await make();
        });
        var seen = new List<string>();
        for (var rows = await page(null); rows.Count > 0; rows = await page(rows[^1])) seen.AddRange(rows);
        await stop.CancelAsync();
        await writer;
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(before.Except(seen));
    }

    private static async Task<List<string>> Ids(Client who, string path, string key, string? marker) =>
        [.. (await who.Get($"{path}?limit=3{(marker is null ? "" : "&marker=" + marker)}")).Is(200)[key].AsArray().Select(r => (string)r!["id"]!)];
}
