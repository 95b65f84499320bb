extern alias sdk;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using sdk::Xiangyun.Client;
using sdk::Xiangyun.Client.Integration;
using Xiangyun.Energy.Counting;
using Xiangyun.Reconcile;
using Xiangyun.Testing;

namespace Xiangyun.Api.Integration;

public sealed class WalksOnSqlite() : Walks("sqlite");
public sealed class WalksOnPostgres() : Walks("postgres");

/// <summary>Two islands of two hosts, a cloud of two: walked to one cloud and back through the public APIs.</summary>
public abstract class Walks(string database) : IAsyncLifetime
{
    private Cloud _cloud = null!;
    private Walk _walk = null!;
    private readonly List<string> _said = [];

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 6 });
        var (network, flavor, image) = (await _cloud.Admin.NewNetwork(), await _cloud.NewFlavor(vcpus: 2, ram: 1024), await _cloud.NewImage());
        foreach (var (zone, hosts) in new[] { ("dc-a", new[] { 1, 2 }), ("dc-b", [3, 4]), (Standing.CloudZone, [5, 6]) })
        {
            var id = (int)(await _cloud.Admin.Post("/compute/v2.1/os-aggregates", new { aggregate = new { name = zone, availability_zone = zone } })).Is(200)["aggregate"]["id"]!;
            foreach (var n in hosts) (await _cloud.Admin.Post($"/compute/v2.1/os-aggregates/{id}/action", new { add_host = new { host = $"sim-{n:000}" } })).Is(200);
        }
        foreach (var (zone, count) in new[] { ("dc-a", 2), ("dc-b", 3) })
            for (var n = 0; n < count; n++)
            {
                var body = Errands.ServerBody($"{zone}-{n}", flavor, image, network);
                body["server"]!["availability_zone"] = zone;
                var id = (string)(await _cloud.Admin.Post("/compute/v2.1/servers", body)).Is(202)["server"]["id"]!;
                Assert.Equal("ACTIVE", (string)(await _cloud.Admin.Settled(id))["server"]["status"]!);
                if (n == 2) (await _cloud.Admin.Post($"/compute/v2.1/servers/{id}/action", new JsonObject { ["os-stop"] = null })).Is(202);
            }
        await Wait.Until("the stopped server is off", async () => (await _cloud.Admin.Get("/compute/v2.1/servers?status=SHUTOFF")).Is(200)["servers"].AsArray().Count == 1);
        var session = await new Door(_cloud.Http).SignIn("Default", "admin", Cloud.AdminPassword, null);
        _walk = new Walk(new sdk::Xiangyun.Client.Api(_cloud.Http, session), TimeProvider.System, (what, done, of) => { lock (_said) _said.Add($"{what} {done}/{of}"); });
    }

    public async ValueTask DisposeAsync()
    {
        _cloud.Folder.NoteResult();
        await _cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>It counts once a minute by itself.</summary>
    private Task Count() => _cloud.Services.GetServices<IReconciler>().OfType<Counter>().Single().Reconcile(Counter.Everything, TestContext.Current.CancellationToken);

    private async Task<Standing> Look() => await _walk.Look() ?? throw new InvalidOperationException("there is no story");

    [Fact]
    public async Task islands_are_closed_one_after_the_other_and_the_way_back_leads_every_server_home()
    {
        var before = await Look();
        Assert.Equal((2, 6, 0), (before.Islands.Count, before.On, before.Closed));
        var home = before.Islands.SelectMany(i => i.Servers).ToDictionary(s => s.Id, s => s.Host);
        var first = Walk.Next(before)!;
        Assert.Equal("dc-a", first.Zone); // it has least memory
        var plan = await _walk.Plan(before);
        Assert.Equal([("dc-a", 2, 2, 4), ("dc-b", 3, 2, 2)], plan.Select(w => (w.Islands.Single().Zone, w.Servers, w.Retired, w.On)));
        Assert.All(plan, w => Assert.Equal((0, 0, 2), (w.Left, w.Woken, w.CloudHosts))); // both hosts of this cloud take servers already
        Assert.True((await _walk.Measure(before)) is { Watts: > 0, From: null, KwhSaved: null });
        await Count();
        await _walk.Close(before, first, CancellationToken.None);

        var one = await Look();
        var closed = one.Islands.Single(i => i.Zone == "dc-a");
        Assert.True(closed is { Closed: true, ClosedAt: not null, UseBefore: not null, Moved: 2, WattsBefore: > 0 }, closed.ToString());
        var saved = await Wait.For("the counter has counted on", async () => { await Count(); return await _walk.Measure(one); }, s => s.Hours > 0);
        Assert.True(saved is { From: not null, KwhDrawn: > 0, MeasuredPercent: 0 }, saved.ToString());
        Assert.Equal(saved.WattsBefore!.Value / 1000 * saved.Hours!.Value - saved.KwhDrawn!.Value, saved.KwhSaved!.Value, 9);
        Assert.True(saved.KwhDrawn < 1.5 * saved.KwhAsBefore, saved.ToString()); // what was counted before the first step is no part of it
        Assert.Equal((1, 2, 2), (one.Closed, one.Retired, one.Cloud.Servers.Count));
        await Wait.For("its hosts have told that they are empty, or are off", async () => (await Look()).Islands.Single(i => i.Zone == "dc-a").Hosts, all => !all.Any(Standing.InUse));

        one = await Look();
        await _walk.Close(one, Walk.Next(one)!, CancellationToken.None); // with one server that does not run
        var all = await Wait.For("all is one cloud", Look, s => s.Closed == 2 && s.Cloud.Servers.All(v => !v.Busy));
        Assert.Equal(["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "SHUTOFF"], all.Cloud.Servers.Select(s => s.Status).Order());
        Assert.Single(all.Cloud.Servers.Select(s => s.Host).Distinct()); // the fullest host first
        Assert.Null(Walk.Next(all));

        await _walk.Reopen(all, Walk.Last(all)!, CancellationToken.None);
        await _walk.Reopen(await Look(), Walk.Last(await Look())!, CancellationToken.None);
        var back = await Wait.For("everybody is home", Look, s => s.Cloud.Servers.Count == 0);
        Assert.Equal(home, back.Islands.SelectMany(i => i.Servers).ToDictionary(s => s.Id, s => s.Host));
        Assert.Null((await Look()).Cloud.WattsBefore); // a story that begins again counts from then
        Assert.All(back.Islands, i => Assert.True(i is { Closed: false, ClosedAt: null, UseBefore: null, WattsBefore: null } && i.Hosts.All(h => h.Enabled)));
        Assert.Contains("story.move 2/2", _said);
    }

    [Fact]
    public async Task stopped_between_two_moves_it_goes_on_from_where_the_estate_stands()
    {
        var (now, stop) = (await Look(), new CancellationTokenSource());
        var island = now.Islands.Single(i => i.Zone == "dc-b");
        var halting = new Walk(new sdk::Xiangyun.Client.Api(_cloud.Http, await new Door(_cloud.Http).SignIn("Default", "admin", Cloud.AdminPassword, null)), TimeProvider.System, (what, _, _) => { if (what == "story.disable") stop.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => halting.Close(now, island, stop.Token));
        var halted = await Look();
        Assert.Equal("dc-b", Walk.Next(halted)!.Zone); // what was begun comes first
        Assert.True(Walk.Next(halted)!.Begun);
        await _walk.Close(halted, Walk.Next(halted)!, CancellationToken.None);
        Assert.True((await Look()).Islands.Single(i => i.Zone == "dc-b").Closed);
    }
}
