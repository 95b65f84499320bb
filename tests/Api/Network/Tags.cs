using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class TagsOnSqlite() : Tags("sqlite");
public sealed class TagsOnPostgres() : Tags("postgres");

public abstract class Tags(string database) : CloudTests(database)
{
    [Fact, Proves("PUT /network/v2.0/networks/{id}/tags"), Proves("PUT /network/v2.0/networks/{id}/tags/{tag}"), Proves("DELETE /network/v2.0/networks/{id}/tags/{tag}")]
    public async Task lists_are_found_by_all_any_or_none_of_some_tags()
    {
        var who = await Cloud.NewProject();
        var (both, one, none) = (await who.Network("10.30.0.0/24"), await who.Network("10.31.0.0/24"), await who.Network("10.32.0.0/24"));
        (await who.Put($"{Root}/networks/{both}/tags", new { tags = new[] { "red", "blue" } })).Is(200);
        (await who.Put($"{Root}/networks/{one}/tags/red")).Is(201);
        Assert.Equal([both], await Found("tags=red,blue"));
        Assert.Equal(new[] { both, one }.Order(), await Found("tags-any=blue,red"));
        Assert.Equal(new[] { one, none }.Order(), await Found("not-tags=red,blue"));
        Assert.Equal([none], await Found("not-tags-any=red,blue"));
        Assert.Equal(["blue", "red"], (await who.Get($"{Root}/networks/{both}")).Is(200)["network"]["tags"]!.AsArray().Select(t => (string)t!));
        (await who.Get($"{Root}/networks/{one}/tags/red")).Is(204);
        (await who.Delete($"{Root}/networks/{one}/tags/red")).Is(204);
        (await who.Delete($"{Root}/networks/{one}/tags/red")).Is(404);
        (await (await Cloud.NewProject()).Put($"{Root}/networks/{one}/tags/mine")).Is(404);

        async Task<IEnumerable<string>> Found(string query) => (await who.Get($"{Root}/networks?{query}&project_id={who.ProjectId}")).Is(200)["networks"].AsArray().Select(n => (string)n!["id"]!).Order();
    }

    [Fact, Proves("GET /network/v2.0/network-ip-availabilities"), Proves("GET /network/v2.0/network-ip-availabilities/{id}")]
    public async Task an_administrator_sees_how_many_addresses_are_left()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network("10.33.0.0/28");
        await who.Port(network);
        var shown = (await Cloud.Admin.Get($"{Root}/network-ip-availabilities/{network}")).Is(200)["network_ip_availability"];
        Assert.Equal(13, (int)shown["total_ips"]!);
        Assert.True((int)shown["used_ips"]! >= 1, shown.ToJsonString());
        Assert.Equal(network, (string?)(await Cloud.Admin.Get($"{Root}/network-ip-availabilities?network_id={network}")).Is(200)["network_ip_availabilities"][0]!["network_id"]);
        (await who.Get($"{Root}/network-ip-availabilities")).Is(403);
    }
}
