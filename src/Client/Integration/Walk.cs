using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>
/// Walks a simulated estate from thirty islands to one cloud and back, one data centre at a time, by the public APIs and nothing else. Where it
/// stands is what the estate says, not what the walker remembers: stopped at any moment, it goes on from there.
/// </summary>
/// <param name="say">Told after each step: what, how much of it is done, and of how much.</param>
public sealed class Walk(Api api, TimeProvider clock, Action<string, int, int>? say = null)
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120), Pause = TimeSpan.FromSeconds(2);

    /// <summary>How many data centres each wave closes.</summary>
    public static readonly int[] Waves = [1, 2, 4, 8, 15];

    /// <returns>null where there is no story to tell.</returns>
    public async Task<Standing?> Look(CancellationToken ct = default)
    {
        var aggregates = await api.Get<List<Aggregate>>("compute", "/os-aggregates", "aggregates", ct);
        var hosts = await api.All<Host>("xiangyun", "/hosts", "hosts", h => h.Id, most: 20_000, ct: ct);
        var servers = await api.All<Server>("compute", "/servers/detail?all_tenants=1", "servers", s => s.Id, most: 20_000, ct: ct);
        return Standing.Of(clock.GetUtcNow(), aggregates, hosts, servers);
    }

    /// <summary>In which order data centres are closed: one that was begun, then the one with least memory.</summary>
    public static IEnumerable<Island> Order(Standing now) => now.Islands.Where(i => !i.Closed).OrderByDescending(i => i.Begun).ThenBy(i => i.RamMib).ThenBy(i => i.Aggregate.Id);

    /// <summary>The data centre that is closed next.</summary>
    public static Island? Next(Standing now) => Order(now).FirstOrDefault();

    /// <summary>Whose closing is taken back first: the last one.</summary>
    public static Island? Last(Standing now) => now.Islands.Where(i => i.Closed || i.Begun).OrderByDescending(i => i.Begun).ThenByDescending(i => i.ClosedAt).FirstOrDefault();

    /// <summary>How many data centres the wave that is under way, or the next one, still closes.</summary>
    public static int LeftOfWave(Standing now) => WaveAt(now.Closed, now.Islands.Count).Left;

    /// <summary>The wave that is under way, or comes next, when so many data centres are closed: its number, from 1, and how many it still closes.</summary>
    internal static (int Number, int Left) WaveAt(int closed, int islands)
    {
        var sum = 0;
        foreach (var (i, wave) in Waves.Index()) if ((sum += wave) > closed) return (i + 1, Math.Min(sum, islands) - closed);
        return (Waves.Length + 1, islands - closed);
    }

    /// <summary>What would be done, and what is expected of it. Nothing is moved.</summary>
    public async Task<IReadOnlyList<PlannedWave>> Plan(Standing now, CancellationToken ct = default) =>
        WavePlan.Of(now, await Rooms(now.Cloud, ct), await Meter.Now(api, ct), await api.Get<EnergyTerms>("xiangyun", "/energy/settings", "settings", ct));

    /// <summary>What the estate draws, and what it saved since the first step.</summary>
    public Task<Savings> Measure(Standing now, CancellationToken ct = default) => Meter.Read(api, now.Cloud, ct);

    /// <summary>Takes no new servers there any more, moves those that run to the cloud, and switches the empty hosts off.</summary>
    /// <exception cref="Refusal">The cloud said no; what was done stands.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two moves.</exception>
    public async Task Close(Standing now, Island island, CancellationToken stop)
    {
        if (now.Cloud.WattsBefore is null && await Meter.Start(api, stop) is { } reading) await Note(now.Cloud, reading, stop);
        var use = island.UseBefore ?? island.Use;
        if (use is { } percent && !island.Begun)
            await Note(island, new() { [Island.UseKey] = percent.ToString("0.00", CultureInfo.InvariantCulture), [Island.MovedKey] = $"{island.Servers.Count}", [Island.WattsKey] = Meter.Text((await Meter.Now(api, stop)).WattsOf(island.Zone)) }, stop);
        await Each("story.disable", [.. island.Hosts.Where(h => h.Enabled)], h => Enable(h, false, "整合迁出 · integrated"), stop);
        var landing = Landing.Plan(await Rooms(now.Cloud, stop), island.Servers);
        await Each("story.wake", [.. landing.Select(l => l.Host).DistinctBy(h => h.Id).Where(h => !h.Enabled)], async h =>
        {
            await Power(h, on: true);
            await Enable(h, true, null);
        }, stop);
        await Each("story.move", landing, l => Move(l.Server, l.Host.Name, stop), stop);
        var left = await Wait(island.Zone, i => i.Servers.Count == 0, stop);
        if (left.Servers.Count > 0) throw new InvalidOperationException($"{left.Servers.Count} servers are still in {island.Zone}: {string.Join(", ", left.Servers.Take(3).Select(s => $"{s.Name} {s.Status}"))}");
        await Each("story.off", left.Hosts, h => Power(h, on: false), stop);
        await Note(island, new() { [Island.ClosedKey] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) }, stop);
    }

    /// <summary>The way back: hosts on, and every server that left goes to the host that it came from.</summary>
    public async Task Reopen(Standing now, Island island, CancellationToken stop)
    {
        await Each("story.reopen", [.. island.Hosts.Where(h => !h.Enabled)], async h =>
        {
            await Power(h, on: true);
            await Enable(h, true, null);
        }, stop);
        await Wait(island.Zone, i => i.Hosts.All(h => h.Alive), stop);
        var (own, moves) = (island.Hosts.Select(h => h.Name).ToHashSet(), await api.All<MoveRecord>("compute", "/os-migrations", "migrations", m => m.Uuid, most: 20_000, ct: stop));
        var home = moves.Where(m => m.SourceCompute is { } source && own.Contains(source)).GroupBy(m => m.InstanceUuid).ToDictionary(g => g.Key, g => g.First().SourceCompute!);
        await Each("story.return", [.. now.Cloud.Servers.Where(s => home.ContainsKey(s.Id))], s => Move(s, home[s.Id], stop), stop);
        await Wait(island.Zone, i => i.Servers.Count >= home.Count, stop);
        await Note(island, new() { [Island.ClosedKey] = null, [Island.UseKey] = null, [Island.MovedKey] = null, [Island.WattsKey] = null }, stop);
        await Rest(stop);
    }

    /// <summary>Hosts of the cloud that carry nothing any more go off. Where all are back, a story that begins again counts from then.</summary>
    private async Task Rest(CancellationToken stop)
    {
        if (await Look(stop) is not { } now) return;
        if (Last(now) is null) await Note(now.Cloud, new() { [Island.WattsKey] = null, [Island.CountedKey] = null, [Island.ReadingKey] = null, [Island.SecondsKey] = null }, stop);
        var busy = now.Cloud.Servers.Select(s => s.Host).ToHashSet();
        await Each("story.off", [.. now.Cloud.Hosts.Where(h => h.Enabled && !busy.Contains(h.Name))], h => Enable(h, false, "等待整合 · waits for the integration"), stop);
    }

    private async Task Move(Server server, string host, CancellationToken ct)
    {
        if (server.Status is "ACTIVE" or "PAUSED")
        {
            await Act(server, "os-migrateLive", new { host, block_migration = "auto" }, ct);
            return;
        }
        await Act(server, "migrate", new { host }, ct); // one that does not run is carried over, and the move confirmed
        for (var until = clock.GetUtcNow() + Patience; clock.GetUtcNow() < until; await Task.Delay(Pause, clock, ct))
        {
            if ((await api.Get<Server>("compute", $"/servers/{server.Id}", "server", ct)).Status != "VERIFY_RESIZE") continue;
            await Act(server, "confirmResize", null, ct);
            return;
        }
    }

    private Task Act(Server server, string action, object? how, CancellationToken ct) => api.Do(HttpMethod.Post, "compute", $"/servers/{server.Id}/action", new Dictionary<string, object?> { [action] = how }, ct);

    private Task Enable(Host host, bool on, string? why) => api.Do(HttpMethod.Patch, "xiangyun", $"/hosts/{host.Id}", new { host = on ? (object)new { enabled = true } : new { enabled = false, disabled_reason = why } });

    /// <summary>A host whose power must not be switched stays as it is: empty, disabled, and out of use all the same.</summary>
    private async Task Power(Host host, bool on)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            try
            {
                await api.Do(HttpMethod.Put, "xiangyun", $"/hosts/{host.Id}/power", new { power = new { state = on ? "on" : "off", reason = "整合 · integration" } });
                return;
            }
            catch (Refusal e) when (e.Status == HttpStatusCode.NotFound)
            {
                return; // a cloud without power of hosts
            }
            catch (Refusal e) when (e.Status == HttpStatusCode.Conflict)
            {
                await Task.Delay(Pause, clock); // something is still going on there
            }
        }
    }

    private Task Note(Island island, Dictionary<string, string?> metadata, CancellationToken ct) =>
        api.Do(HttpMethod.Post, "compute", $"/os-aggregates/{island.Aggregate.Id}/action", new JsonObject { ["set_metadata"] = new JsonObject { ["metadata"] = new JsonObject(metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))) } }, ct);

    private async Task<IReadOnlyList<Room>> Rooms(Island cloud, CancellationToken ct)
    {
        var rooms = new List<Room>();
        foreach (var host in cloud.Hosts)
        {
            var inventories = await api.Get<JsonObject>("placement", $"/resource_providers/{host.Id}/inventories", "inventories", ct);
            var usages = await api.Get<JsonObject>("placement", $"/resource_providers/{host.Id}/usages", "usages", ct);
            long Left(string what) => inventories[what] is { } i ? (long)(((long)i["total"]! - (long)i["reserved"]!) * (double)i["allocation_ratio"]!) - (long)(usages[what] ?? 0) : 0;
            rooms.Add(new Room(host, Left("VCPU"), Left("MEMORY_MB"), Left("DISK_GB")));
        }
        return rooms;
    }

    private async Task<Island> Wait(string zone, Func<Island, bool> until, CancellationToken stop)
    {
        for (var end = clock.GetUtcNow() + Patience; ; await Task.Delay(Pause, clock, stop))
        {
            var island = (await Look(stop))?.Islands.Single(i => i.Zone == zone) ?? throw new InvalidOperationException($"{zone} is gone");
            if (until(island) || clock.GetUtcNow() > end) return island;
        }
    }

    private async Task Each<T>(string what, IReadOnlyList<T> all, Func<T, Task> act, CancellationToken stop)
    {
        var done = 0;
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (one, _) =>
        {
            await act(one);
            say?.Invoke(what, Interlocked.Increment(ref done), all.Count);
        });
    }
}
