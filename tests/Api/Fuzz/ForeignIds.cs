using System.Diagnostics;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Fuzz;

public sealed class ForeignIdsOnSqlite() : ForeignIds("sqlite");
public sealed class ForeignIdsOnPostgres() : ForeignIds("postgres");

/// <summary>An id of somebody else's thing, wherever it can be written, gets the very answer of an id that names nothing.</summary>
public abstract class ForeignIds(string database) : CloudTests(database)
{
    private const int Rounds = 60;

    /// <summary>What the owner has, by the name that the templates below use.</summary>
    private async Task<Dictionary<string, string>> Things(Client owner)
    {
        var things = new Dictionary<string, string> { ["project"] = owner.ProjectId, ["user"] = owner.UserId };
        things["network"] = (string)(await owner.Post("/network/v2.0/networks", new { network = new { name = "theirs" } })).Is(201)["network"]["id"]!;
        things["subnet"] = (string)(await owner.Post("/network/v2.0/subnets", new { subnet = new { network_id = things["network"], ip_version = 4, cidr = "10.3.0.0/24" } })).Is(201)["subnet"]["id"]!;
        things["port"] = (string)(await owner.Post("/network/v2.0/ports", new { port = new { network_id = things["network"] } })).Is(201)["port"]["id"]!;
        things["group"] = (string)(await owner.Post("/network/v2.0/security-groups", new { security_group = new { name = "theirs" } })).Is(201)["security_group"]["id"]!;
        things["router"] = (string)(await owner.Post("/network/v2.0/routers", new { router = new { name = "theirs" } })).Is(201)["router"]["id"]!;
        things["volume"] = (string)(await owner.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        things["image"] = (string)(await owner.Post("/image/v2/images", new { name = "theirs", disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        await Wait.For("the volume is there", async () => (await owner.Get($"/volume/v3/volumes/{things["volume"]}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        things["snapshot"] = (string)(await owner.Post("/volume/v3/snapshots", new { snapshot = new { volume_id = things["volume"] } })).Is(202)["snapshot"]["id"]!;
        things["request"] = (string)(await owner.Post("/xiangyun/v1/requests", new { request = new { kind = "volume", wish = new { volume = new { size = 1 } } } })).Is(201)["request"]["id"]!;
        return things;
    }

    /// <summary>Method, path and body; <c>{x}</c> is the id.</summary>
    private static readonly (string Thing, string Method, string Path, string? Body)[] Asked =
    [
        ("network", "GET", "/network/v2.0/networks/{x}", null), ("network", "DELETE", "/network/v2.0/networks/{x}", null), ("network", "GET", "/network/v2.0/ports?network_id={x}", null),
        ("network", "POST", "/network/v2.0/ports", """{"port":{"network_id":"{x}"}}"""), ("network", "POST", "/network/v2.0/subnets", """{"subnet":{"network_id":"{x}","ip_version":4,"cidr":"10.8.0.0/24"}}"""),
        ("port", "GET", "/network/v2.0/ports/{x}", null), ("port", "PUT", "/network/v2.0/ports/{x}", """{"port":{"name":"mine"}}"""), ("group", "POST", "/network/v2.0/security-group-rules", """{"security_group_rule":{"security_group_id":"{x}","direction":"ingress"}}"""),
        ("group", "GET", "/network/v2.0/security-groups?id={x}", null), ("router", "PUT", "/network/v2.0/routers/{x}/add_router_interface", """{"subnet_id":"0"}"""), ("subnet", "GET", "/network/v2.0/subnets/{x}", null),
        ("volume", "GET", "/volume/v3/volumes/{x}", null), ("volume", "DELETE", "/volume/v3/volumes/{x}", null), ("volume", "POST", "/volume/v3/snapshots", """{"snapshot":{"volume_id":"{x}"}}"""),
        ("volume", "POST", "/volume/v3/volumes", """{"volume":{"size":1,"source_volid":"{x}"}}"""), ("snapshot", "POST", "/volume/v3/volumes", """{"volume":{"size":1,"snapshot_id":"{x}"}}"""), ("volume", "GET", "/volume/v3/snapshots?volume_id={x}", null),
        ("image", "GET", "/image/v2/images/{x}", null), ("image", "DELETE", "/image/v2/images/{x}", null), ("image", "POST", "/volume/v3/volumes", """{"volume":{"size":1,"imageRef":"{x}"}}"""),
        ("project", "GET", "/xiangyun/v1/organisations/{x}", null), ("project", "GET", "/xiangyun/v1/organisations/{x}/belongings", null), ("project", "GET", "/xiangyun/v1/organisations/{x}/quotas", null),
        ("user", "GET", "/xiangyun/v1/users/{x}/belongings", null), ("user", "GET", "/xiangyun/v1/rights/{x}", null), ("user", "GET", "/xiangyun/v1/users/{x}/sessions", null), ("request", "GET", "/xiangyun/v1/requests/{x}", null),
        ("volume", "PUT", "/xiangyun/v1/protections/volume/{x}", """{"protection":{}}"""), ("volume", "POST", "/xiangyun/v1/recycle-bin/volume/{x}/restore", "{}"),
        ("volume", "POST", "/xiangyun/v1/requests", """{"request":{"kind":"deletion","wish":{"kind":"volume","id":"{x}"}}}"""), ("project", "POST", "/xiangyun/v1/requests", """{"request":{"kind":"deletion","wish":{"kind":"organisation","id":"{x}"}}}"""),
    ];

    private static async Task<(int Status, string Text)> Ask(Client who, string method, string path, string? body, string id)
    {
        var reply = await who.Send(new HttpMethod(method), path.Replace("{x}", id), body is null ? null : System.Text.Encoding.UTF8.GetBytes(body.Replace("{x}", id)), "application/json");
        var text = System.Text.RegularExpressions.Regex.Replace(reply.Text.Replace(id, "{x}"), "req-[0-9a-f-]{36}", "req");
        return (reply.Status, text);
    }

    [Fact]
    public async Task in_path_query_and_body_the_answer_is_the_one_for_nothing()
    {
        var (things, stranger) = (await Things(await Cloud.NewProject()), await Cloud.NewProject());
        foreach (var (thing, method, path, body) in Asked)
        {
            var (foreign, missing) = (await Ask(stranger, method, path, body, things[thing]), await Ask(stranger, method, path, body, Id.New()));
            Assert.Equal((method, path, missing), (method, path, foreign));
            Assert.True(foreign.Status is 400 or 403 or 404 || foreign.Status == 200 && path.Contains('?'), $"{method} {path}: {foreign.Status}");
        }
    }

    /// <summary>Asked in turns, so that both meet the same machine; the medians may differ by what a median of that many differs by itself, and a quarter more.</summary>
    [Fact]
    public async Task nor_does_the_time_tell_whether_it_exists()
    {
        var (things, stranger) = (await Things(await Cloud.NewProject()), await Cloud.NewProject());
        foreach (var (thing, path) in new[] { ("network", "/network/v2.0/networks/{x}"), ("volume", "/volume/v3/volumes/{x}"), ("image", "/image/v2/images/{x}"), ("project", "/xiangyun/v1/organisations/{x}") })
        {
            var (foreign, missing) = (new List<double>(), new List<double>());
            for (var i = 0; i < Rounds; i++)
                foreach (var (times, id) in i % 2 == 0 ? new[] { (foreign, things[thing]), (missing, Id.New()) } : [(missing, Id.New()), (foreign, things[thing])])
                {
                    var since = Stopwatch.GetTimestamp();
                    (await stranger.Get(path.Replace("{x}", id))).Is(404);
                    times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                }
            double Middle(List<double> of) => of.Order().ElementAt(of.Count / 2);
            double Spread(List<double> of) => of.Order().ElementAt(of.Count * 3 / 4) - of.Order().ElementAt(of.Count / 4);
            var (difference, noise) = (Math.Abs(Middle(foreign) - Middle(missing)), Math.Max(Spread(foreign), Spread(missing)) + 0.25 * Middle(missing));
            Assert.True(difference <= noise, $"{path}: {Middle(foreign):F2} ms for a foreign id, {Middle(missing):F2} ms for none, noise {noise:F2} ms");
        }
    }
}
