using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Audit;
using Xiangyun.Api.Identity;
using Xiangyun.Api.Network;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Hosting;

public sealed class SitesOnSqlite() : Sites("sqlite");
public sealed class SitesOnPostgres() : Sites("postgres");

/// <summary>A site gathers what belongs to it, and says from that how it is and where it can be reached.</summary>
public abstract class Sites(string database) : CloudTests(database)
{
    private const string Root = $"{Asking.Own}/sites";

    [Fact, Proves("POST /xiangyun/v1/sites"), Proves("GET /xiangyun/v1/sites"), Proves("GET /xiangyun/v1/sites/{id}"), Proves("PATCH /xiangyun/v1/sites/{id}"), Proves("DELETE /xiangyun/v1/sites/{id}")]
    public async Task a_site_is_made_changed_found_and_deleted_while_its_members_stay()
    {
        var who = await Cloud.NewProject();
        var host = $"{Cloud.Name("www")}.example.gov.cn";
        var made = (await New(who, new { name = "便民服务", host_names = new[] { host.ToUpperInvariant() }, registration = "京icp备12345678号-1", contacts = new[] { new { name = "王芳", phone = "010-1234", email = "wang@example.gov.cn" } } })).Is(201)["site"];
        Assert.Equal(("empty", "京ICP备12345678号-1", host), ((string)made["status"]!, (string)made["registration"]!, (string)made["host_names"]![0]!));
        var id = (string)made["id"]!;
        var volume = await Volume(who);
        var changed = (await who.Patch($"{Root}/{id}", new { site = new { members = new[] { new { kind = "volume", id = volume } }, registration = (string?)null } })).Is(200)["site"];
        Assert.Equal(("便民服务", host, volume), ((string)changed["name"]!, (string)changed["host_names"]![0]!, (string)changed["members"]![0]!["id"]!));
        Assert.Null((string?)changed["registration"]);
        await New(who, new { name = "second" });
        var first = (await who.Get($"{Root}?limit=1")).Is(200);
        Assert.Single(first["sites"].AsArray());
        Assert.Single((await who.Get(new Uri((string)first["next"]!).PathAndQuery)).Is(200)["sites"].AsArray());
        Assert.Equal(id, (string?)Assert.Single((await who.Get($"{Root}?host_name={host}")).Is(200)["sites"].AsArray())!["id"]);

        var record = await Asked.One(Cloud, Cloud.Auditor, $"object={id}&action=site.update");
        Assert.Contains(volume, record["after"]!.ToJsonString());
        (await who.Delete($"{Root}/{id}")).Is(204);
        (await who.Get($"{Root}/{id}")).Is(404);
        (await who.Get($"/volume/v3/volumes/{volume}")).Is(200);
        (await New(who, new { name = "again", host_names = new[] { host } })).Is(201);
    }

    [Fact]
    public async Task what_is_wrong_is_refused_with_words_and_nothing_is_half_done()
    {
        var (who, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var host = $"{Cloud.Name("taken")}.gov.cn";
        (await New(other, new { name = "theirs", host_names = new[] { host } })).Is(201);
        (await New(who, new { })).Is(400);
        (await New(who, new { name = "x", colour = "red" })).Is(400);
        Assert.Contains("no domain name", (await New(who, new { name = "x", host_names = new[] { "http://x" } })).Is(400).Text);
        Assert.Contains("京ICP备12345678号-1", System.Text.RegularExpressions.Regex.Unescape((await New(who, new { name = "x", registration = "123" })).Is(400).Text));
        Assert.Contains("no mail address", (await New(who, new { name = "x", contacts = new[] { new { name = "w", email = "at" } } })).Is(400).Text);
        Assert.Contains("another site", (await New(who, new { name = "x", host_names = new[] { host } })).Is(409).Text);
        var theirs = await Volume(other);
        var (foreign, missing) = ((await Has(theirs)).Is(400), (await Has(Id.New())).Is(400));
        Assert.Equal(missing.Text.Length, foreign.Text.Length); // the ids have the same length, the words are the same
        (await New(who, new { name = "x", members = new[] { new { kind = "moon", id = "x" } } })).Is(400);
        Assert.Empty((await who.Get(Root)).Is(200)["sites"].AsArray());

        Task<Reply> Has(string volume) => New(who, new { name = "x", members = new[] { new { kind = "volume", id = volume } } });
    }

    [Fact]
    public async Task its_state_and_what_can_be_reached_follow_its_servers_and_addresses()
    {
        var who = await Cloud.NewProject();
        var outside = await Cloud.Outside();
        var network = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        var subnet = await who.Subnet(network, "10.41.0.0/24");
        var router = await who.Router(outside);
        (await who.Put($"/network/v2.0/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(200);
        var server = await Server(who, network);
        var site = (string)(await New(who, new { name = "s", members = new[] { new { kind = "server", id = server } } })).Is(201)["site"]["id"]!;
        await Becomes("running");
        var port = (string)(await who.Get($"/network/v2.0/ports?device_id={server}")).Is(200)["ports"][0]!["id"]!;
        var address = (string)(await who.Post("/network/v2.0/floatingips", new { floatingip = new { floating_network_id = outside, port_id = port } })).Is(201)["floatingip"]["floating_ip_address"]!;
        var exposed = (await who.Get($"{Root}/{site}")).Is(200)["site"]["exposure"]!.AsArray();
        Assert.Equal((address, server), ((string)exposed.Single()!["address"]!, (string)exposed[0]!["through"]![0]!["id"]!));
        (await who.Post($"/compute/v2.1/servers/{server}/action", new JsonObject { ["os-stop"] = null })).Is(202);
        await Becomes("stopped");
        (await who.Delete($"/compute/v2.1/servers/{server}")).Is(204);
        var left = await Becomes("empty");
        Assert.Empty(left["exposure"]!.AsArray());

        Task<JsonNode> Becomes(string state) => Wait.For($"the site is {state}", async () => (await who.Get($"{Root}/{site}")).Is(200)["site"], s => (string)s["status"]! == state);
    }

    [Fact]
    public async Task a_bureau_sees_its_sites_and_nobody_elses_and_the_end_of_it_ends_them()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var (_, stranger) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var (member, reader, head) = (await Cloud.NewProject("member", project), await Cloud.NewProject("reader", project), await Cloud.NewProject("manager", project));
        var id = (string)(await New(member, new { name = "portal" })).Is(201)["site"]["id"]!;
        Assert.Equal(id, (string?)Assert.Single((await manager.Get(Root)).Is(200)["sites"].AsArray())!["id"]);
        (await reader.Get($"{Root}/{id}")).Is(200);
        (await New(reader, new { name = "no" })).Is(403);
        foreach (var one in new[] { stranger, await Cloud.NewProject() })
        {
            var (foreign, missing) = ((await one.Get($"{Root}/{id}")).Is(404), (await one.Get($"{Root}/{Id.New()}")).Is(404));
            Assert.Equal(missing.Text.Length, foreign.Text.Length);
            Assert.Empty((await one.Get(Root)).Is(200)["sites"].AsArray());
        }
        Assert.Contains("site", (await manager.Get($"{Asking.Own}/organisations/{project}/belongings")).Is(200)["belongings"].AsArray().Where(b => (int)b!["count"]! == 1).Select(b => (string)b!["kind"]!));
        (await manager.Delete($"/identity/v3/projects/{project}")).Is(409);
        (await member.Put($"{Asking.Own}/protections/site/{id}", new { protection = new { reason = "the mayor's" } })).Is(200);
        (await member.Delete($"{Root}/{id}")).Is(409);
        (await head.Delete($"{Asking.Own}/protections/site/{id}")).Is(204);
        (await member.Delete($"{Root}/{id}")).Is(204);
        (await manager.Delete($"/identity/v3/projects/{project}")).Is(204);
    }

    [Fact]
    public async Task a_site_is_rehearsed_asked_for_and_made_when_it_was_agreed_to()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var member = await Cloud.NewProject("member", project);
        (await Allow(Cloud.Admin, bureau, 1)).Is(200);
        (await manager.Rules(bureau, [new { role = "manager", at = "domain" }], [new { resource = "hosting.sites", over = 0 }])).Is(200);
        object Wish(string name) => new { site = new { name, host_names = new[] { $"{name}.gov.cn" } } };
        var name = Cloud.Name("asked");
        var planned = (await member.Post($"{Root}?dry_run=true", Wish(name))).Is(200);
        Assert.Equal(("hosting.sites", 1, 0), ((string)planned["quota_change"][0]!["resource"]!, (int)planned["quota_change"][0]!["left_before"]!, (int)planned["quota_change"][0]!["left_after"]!));
        Assert.True((bool)planned["approvals"]["needed"]!);
        (await member.Post(Root, Wish(name))).Is(403);
        Assert.Empty((await member.Get(Root)).Is(200)["sites"].AsArray());
        var asked = (await member.Post($"{Asking.Own}/requests", new { request = new { kind = "site", reason = "opens in May", wish = Wish(name) } })).Is(201)["request"];
        (await manager.Decide(asked)).Is(200);
        await member.Becomes(asked, "done");
        Assert.Equal(name, (string?)Assert.Single((await member.Get(Root)).Is(200)["sites"].AsArray())!["name"]);
    }

    [Fact]
    public async Task sixteen_writers_at_once_never_make_more_sites_than_were_granted()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        (await Allow(Cloud.Admin, bureau, 12)).Is(200);
        var department = await manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var system = await manager.Make("project", new { name = Cloud.Name("system"), domain_id = bureau, parent_id = department });
        var members = await Task.WhenAll(new[] { department, system }.Select(p => Cloud.NewProject("member", p)));
        var done = new ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var chance = new Random(writer);
            for (var step = 0; step < 10; step++)
            {
                var reply = chance.Next(4) == 0 ? await Allow(manager, chance.Next(2) == 0 ? department : system, chance.Next(0, 10)) : await New(members[chance.Next(2)], new { name = "s" });
                done.AddOrUpdate(reply.Status, 1, (_, n) => n + 1);
                Assert.True(reply.Status is 200 or 201 or 400 or 403, reply.Text);
            }
        }));
        Assert.True(done.GetValueOrDefault(201) > 0 && done.GetValueOrDefault(403) > 0, string.Join(", ", done));
        foreach (var node in new[] { bureau, department, system })
        {
            var row = (await manager.Get($"{Asking.Own}/organisations/{node}/quotas")).Is(200)["quotas"].AsArray().Single(r => (string)r!["resource"]! == "hosting.sites")!;
            Assert.True((long)row["left"]! >= 0 && (long)row["used"]! <= 12, row.ToJsonString());
        }
    }

    private async Task<string> Server(Client who, string network) =>
        (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("web", await Cloud.NewFlavor(), await Cloud.NewImage(), network))).Is(202)["server"]["id"]!;

    private static Task<Reply> New(Client who, object site) => who.Post(Root, new { site });

    private static Task<Reply> Allow(Client by, string node, long count) => by.Put($"{Asking.Own}/organisations/{node}/quotas", new { quotas = new Dictionary<string, long> { ["hosting.sites"] = count } });

    private static async Task<string> Volume(Client who) => (string)(await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
}
