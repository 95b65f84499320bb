using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Compute;

public sealed class BreadthOnSqlite() : Breadth("sqlite");
public sealed class BreadthOnPostgres() : Breadth("postgres");

/// <summary>What stands around servers in Compute: groups, tags, aggregates, hosts, keypairs, quotas, and the places where old clients look for other services' things.</summary>
public abstract class Breadth(string database) : CloudTests(database)
{
    private const string Nova = "/compute/v2.1";

    private static Client At(Client who, int minor) => who.With("OpenStack-API-Version", $"compute 2.{minor}");

    private async Task<string> Boot(Client who, object? hints = null, int minor = 1)
    {
        var flavor = (string)(await Cloud.Admin.Post($"{Nova}/flavors", new { flavor = new { name = Cloud.Name("f"), ram = 64, vcpus = 1, disk = 1 } })).Is(200)["flavor"]["id"]!;
        var image = (string)(await who.Post("/image/v2/images", new { name = Cloud.Name("i"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
        var network = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = Cloud.Name("n") } })).Is(201)["network"]["id"]!;
        (await who.Post("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.9.0.0/24" } })).Is(201);
        var body = new JsonObject
        {
            ["server"] = new JsonObject { ["name"] = Cloud.Name("s"), ["imageRef"] = image, ["flavorRef"] = flavor, ["networks"] = new JsonArray(new JsonObject { ["uuid"] = network }) },
        };
        if (hints is not null) body["os:scheduler_hints"] = System.Text.Json.JsonSerializer.SerializeToNode(hints);
        var id = (string)(await At(who, minor).Post($"{Nova}/servers", body)).Is(202)["server"]["id"]!;
        await Wait.For($"server {id} is built", () => who.Get($"{Nova}/servers/{id}"), r => r.Status == 200 && (string?)r["server"]["status"] != "BUILD");
        return id;
    }

    private async Task<string?> HostOf(string id) => (string?)(await Cloud.Admin.Get($"{Nova}/servers/{id}")).Is(200)["server"]["OS-EXT-SRV-ATTR:host"];

    [Fact, Proves("GET /compute/v2.1/servers/{id}")]
    public async Task each_microversion_shows_a_server_in_its_own_shape()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who);
        string[] early = [.. (await who.Get($"{Nova}/servers/{id}")).Is(200)["server"].AsObject().Select(p => p.Key)];
        Assert.DoesNotContain("locked", early);
        Assert.NotNull((await who.Get($"{Nova}/servers/{id}"))["server"]["flavor"]!["id"]);
        var late = (await At(who, 93).Get($"{Nova}/servers/{id}")).Is(200)["server"];
        foreach (var name in new[] { "locked", "description", "tags", "trusted_image_certificates", "server_groups", "locked_reason" }) Assert.True(late.AsObject().ContainsKey(name), name);
        Assert.StartsWith("f", (string)late["flavor"]!["original_name"]!);
        Assert.Null(late["flavor"]!["id"]);
        var change = (await who.Put($"{Nova}/servers/{id}", new { server = new { name = "other" } })).Is(200)["server"].AsObject();
        Assert.False(change.ContainsKey("key_name"));
        Assert.True((await At(who, 75).Put($"{Nova}/servers/{id}", new { server = new { name = "other" } })).Is(200)["server"].AsObject().ContainsKey("key_name"));
        (await who.With("OpenStack-API-Version", "compute 2.94").Get($"{Nova}/servers")).Is(406);
        (await At(who, 75).Get($"{Nova}/servers?nonsense=1")).Is(400);
        (await At(who, 74).Get($"{Nova}/servers?nonsense=1")).Is(200);
        (await At(who, 36).Get($"{Nova}/os-networks")).Is(404);
        (await At(who, 35).Get($"{Nova}/os-networks")).Is(200);
    }

    [Fact, Proves("PUT /compute/v2.1/servers/{id}/tags/{tag}")]
    public async Task tags_are_put_on_servers_and_servers_are_found_by_them()
    {
        var who = At(await Cloud.NewProject(), 26);
        var (first, second) = (await Boot(who), await Boot(who));
        (await who.Put($"{Nova}/servers/{first}/tags/blue")).Is(201);
        (await who.Put($"{Nova}/servers/{first}/tags/blue")).Is(204);
        (await who.Put($"{Nova}/servers/{second}/tags", new { tags = new[] { "blue", "old" } })).Is(200);
        (await who.Put($"{Nova}/servers/{second}/tags/" + new string('x', 61))).Is(400);
        async Task<int> Found(string query) => (await who.Get($"{Nova}/servers?{query}")).Is(200)["servers"].AsArray().Count;
        Assert.Equal((2, 1, 1, 0), (await Found("tags=blue"), await Found("tags=blue,old"), await Found("not-tags=old"), await Found("not-tags-any=blue,old")));
        (await who.Delete($"{Nova}/servers/{first}/tags/blue")).Is(204);
        (await who.Get($"{Nova}/servers/{first}/tags/blue")).Is(404);
    }

    [Fact, Proves("POST /compute/v2.1/os-server-groups")]
    public async Task anti_affinity_keeps_servers_apart_and_affinity_together()
    {
        var who = await Cloud.NewProject();
        async Task<string> Group(string policy) => (string)(await who.Post($"{Nova}/os-server-groups", new { server_group = new { name = "g", policies = new[] { policy } } })).Is(200)["server_group"]["id"]!;
        var (apart, together) = (await Group("anti-affinity"), await Group("affinity"));
        var (a, b) = (await Boot(who, new { group = apart }), await Boot(who, new { group = apart }));
        var (hostA, hostB) = (await HostOf(a), await HostOf(b));
        Assert.True(hostB is null || hostA != hostB, $"{hostA} has both"); // with one host the second one finds none, and says so
        var (c, d) = (await Boot(who, new { group = together }), await Boot(who, new { group = together }));
        Assert.Equal(await HostOf(c), await HostOf(d));
        Assert.Equal(2, (await who.Get($"{Nova}/os-server-groups/{together}")).Is(200)["server_group"]["members"]!.AsArray().Count);
        Assert.Equal(together, (string?)(await At(who, 71).Get($"{Nova}/servers/{c}")).Is(200)["server"]["server_groups"]![0]);
        var other = await Cloud.NewProject();
        (await other.Get($"{Nova}/os-server-groups/{together}")).Is(404);
        (await who.Delete($"{Nova}/os-server-groups/{together}")).Is(204);
    }

    [Fact, Proves("POST /compute/v2.1/os-aggregates/{id}/action")]
    public async Task an_aggregate_with_a_zone_moves_its_host_there_and_back()
    {
        var zone = Cloud.Name("zone");
        var host = (string)(await Cloud.Admin.Get($"{Nova}/os-services")).Is(200)["services"][0]!["host"]!;
        var id = (long)(await Cloud.Admin.Post($"{Nova}/os-aggregates", new { aggregate = new { name = Cloud.Name("a"), availability_zone = zone } })).Is(200)["aggregate"]["id"]!;
        (await Cloud.Admin.Post($"{Nova}/os-aggregates/{id}/action", new { add_host = new { host } })).Is(200);
        (await Cloud.Admin.Post($"{Nova}/os-aggregates/{id}/action", new { add_host = new { host } })).Is(409);
        Assert.Contains(zone, (await Cloud.Admin.Get($"{Nova}/os-availability-zone/detail")).Is(200).Text);
        (await Cloud.Admin.Delete($"{Nova}/os-aggregates/{id}")).Is(400);
        (await Cloud.Admin.Post($"{Nova}/os-aggregates/{id}/action", new { remove_host = new { host } })).Is(200);
        Assert.DoesNotContain(zone, (await Cloud.Admin.Get($"{Nova}/os-availability-zone")).Is(200).Text);
        (await Cloud.Admin.Delete($"{Nova}/os-aggregates/{id}")).Is(200);
    }

    [Fact, Proves("GET /compute/v2.1/os-hypervisors/detail")]
    public async Task a_host_has_a_number_for_old_clients_and_an_id_for_new_ones()
    {
        var old = (await Cloud.Admin.Get($"{Nova}/os-hypervisors")).Is(200)["hypervisors"][0]!;
        (await Cloud.Admin.Get($"{Nova}/os-hypervisors/{(long)old["id"]!}")).Is(200);
        var late = (await At(Cloud.Admin, 88).Get($"{Nova}/os-hypervisors/detail")).Is(200)["hypervisors"][0]!;
        Assert.True(Guid.TryParse((string)late["id"]!, out _));
        Assert.Null(late["vcpus"]);
        (await At(Cloud.Admin, 88).Get($"{Nova}/os-hypervisors/statistics")).Is(404);
        var service = (string)(await At(Cloud.Admin, 53).Get($"{Nova}/os-services")).Is(200)["services"][0]!["id"]!;
        Assert.Equal("down", (string?)(await At(Cloud.Admin, 53).Put($"{Nova}/os-services/{service}", new { forced_down = true })).Is(200)["service"]["state"]);
        Assert.Equal("up", (string?)(await At(Cloud.Admin, 53).Put($"{Nova}/os-services/{service}", new { forced_down = false })).Is(200)["service"]["state"]);
    }

    [Fact, Proves("POST /compute/v2.1/os-keypairs")]
    public async Task keypairs_have_types_owners_and_pages()
    {
        var who = await Cloud.NewProject();
        (await who.Post($"{Nova}/os-keypairs", new { keypair = new { name = "a" } })).Is(200);
        var made = (await At(Cloud.Admin, 10).Post($"{Nova}/os-keypairs", new { keypair = new { name = "b", type = "x509", user_id = who.UserId } })).Is(201)["keypair"];
        Assert.StartsWith("-----BEGIN CERTIFICATE", (string)made["public_key"]!);
        (await At(who, 92).Post($"{Nova}/os-keypairs", new { keypair = new { name = "c" } })).Is(400);
        var page = (await At(who, 35).Get($"{Nova}/os-keypairs?limit=1")).Is(200);
        Assert.Equal("a", (string?)page["keypairs"][0]!["keypair"]!["name"]);
        Assert.NotNull(page["keypairs_links"]);
        Assert.Equal("b", (string?)(await At(who, 35).Get($"{Nova}/os-keypairs?limit=1&marker=a")).Is(200)["keypairs"][0]!["keypair"]!["name"]);
        (await At(who, 10).Delete($"{Nova}/os-keypairs/b")).Is(204);
    }

    [Fact, Proves("PUT /compute/v2.1/os-quota-sets/{project}")]
    public async Task a_user_of_a_project_has_a_quota_of_his_own()
    {
        var who = await Cloud.NewProject();
        (await Cloud.Admin.Put($"{Nova}/os-quota-sets/{who.ProjectId}?user_id={who.UserId}", new { quota_set = new { instances = 0 } })).Is(200);
        Assert.Equal(0, (int)(await Cloud.Admin.Get($"{Nova}/os-quota-sets/{who.ProjectId}?user_id={who.UserId}")).Is(200)["quota_set"]["instances"]!);
        Assert.Equal(10, (int)(await Cloud.Admin.Get($"{Nova}/os-quota-sets/{who.ProjectId}")).Is(200)["quota_set"]["instances"]!);
        Assert.Null((await At(who, 57).Get($"{Nova}/os-quota-sets/{who.ProjectId}")).Is(200)["quota_set"]["floating_ips"]);
        (await Cloud.Admin.Delete($"{Nova}/os-quota-sets/{who.ProjectId}?user_id={who.UserId}")).Is(202);
        Assert.Equal(10, (int)(await Cloud.Admin.Get($"{Nova}/os-quota-sets/{who.ProjectId}?user_id={who.UserId}")).Is(200)["quota_set"]["instances"]!);
    }

    [Fact, Proves("POST /compute/v2.1/os-security-groups")]
    public async Task what_is_made_at_an_old_place_is_there_at_the_new_one()
    {
        var who = await Cloud.NewProject();
        var group = (await who.Post($"{Nova}/os-security-groups", new { security_group = new { name = "web", description = "" } })).Is(200)["security_group"];
        (await who.Post($"{Nova}/os-security-group-rules", new { security_group_rule = new { parent_group_id = (string)group["id"]!, ip_protocol = "tcp", from_port = 80, to_port = 80 } })).Is(200);
        (await who.Post($"{Nova}/os-security-group-rules", new { security_group_rule = new { parent_group_id = (string)group["id"]!, ip_protocol = "tcp", from_port = 80, to_port = 80 } })).Is(400);
        Assert.Equal("web", (string?)(await who.Get($"/network/v2.0/security-groups/{(string)group["id"]!}")).Is(200)["security_group"]["name"]);
        (await (await Cloud.NewProject()).Get($"{Nova}/os-security-groups/{(string)group["id"]!}")).Is(404);
        (await who.Post($"{Nova}/os-floating-ips", new { pool = "no such pool" })).Is(404);
        (await At(who, 36).Get($"{Nova}/os-security-groups")).Is(404);
    }

    [Fact, Proves("GET /compute/v2.1/servers/{id}/os-instance-actions")]
    public async Task actions_of_a_server_are_told_with_their_end_also_when_it_is_gone()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who);
        var actions = await Wait.For("create has finished", () => At(who, 84).Get($"{Nova}/servers/{id}/os-instance-actions"), r => r.Status == 200);
        var request = (string)actions["instanceActions"][0]!["request_id"]!;
        var shown = await Wait.For("its event has a result", () => At(who, 84).Get($"{Nova}/servers/{id}/os-instance-actions/{request}"), r => (string?)r["instanceAction"]["events"]![0]!["result"] == "Success");
        Assert.NotNull(shown["instanceAction"]["events"]![0]!["finish_time"]);
        (await who.Delete($"{Nova}/servers/{id}")).Is(204);
        await Wait.Until("it is gone", async () => (await who.Get($"{Nova}/servers/{id}")).Status == 404);
        (await At(who, 20).Get($"{Nova}/servers/{id}/os-instance-actions")).Is(404);
        Assert.Equal(2, (await At(who, 21).Get($"{Nova}/servers/{id}/os-instance-actions")).Is(200)["instanceActions"].AsArray().Count);
    }
}
