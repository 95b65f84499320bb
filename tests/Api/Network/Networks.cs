using System.Text.Json.Nodes;
using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class NetworksOnSqlite() : Networks("sqlite");
public sealed class NetworksOnPostgres() : Networks("postgres");

public abstract class Networks(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/subnets")]
    public async Task overlapping_subnets_in_one_network_are_refused_and_in_two_are_not()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        var overlap = await who.Post($"{Root}/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.20.0.128/25" } });
        Assert.Equal("InvalidInput", overlap.Is(400).Type());
        await who.Network();
    }

    [Fact]
    public async Task a_subnet_has_its_gateway_first_and_one_pool_around_it()
    {
        var who = await Cloud.NewProject();
        var subnet = await who.Subnet(await who.Network(), "10.30.0.64/26");
        var shown = (await who.Get($"{Root}/subnets/{subnet}")).Is(200)["subnet"];
        Assert.Equal("10.30.0.65", (string)shown["gateway_ip"]!);
        Assert.Equal("""[{"start":"10.30.0.66","end":"10.30.0.126"}]""", shown["allocation_pools"]!.ToJsonString());
    }

    [Fact, Proves("DELETE /network/v2.0/networks/{id}")]
    public async Task a_network_in_use_stays_and_an_unused_one_takes_its_subnets_along()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        var port = (string)(await who.Port(network))["id"]!;
        Assert.Equal("NetworkInUse", (await who.Delete($"{Root}/networks/{network}")).Is(409).Type());
        (await who.Delete($"{Root}/ports/{port}")).Is(204);
        (await who.Delete($"{Root}/networks/{network}")).Is(204);
        Assert.Equal("NetworkNotFound", (await who.Get($"{Root}/networks/{network}")).Is(404).Type());
        Assert.Empty((await who.Get($"{Root}/subnets?network_id={network}")).Is(200)["subnets"].AsArray());
    }

    [Fact, Proves("GET /network/v2.0/networks")]
    public async Task others_see_a_network_once_it_is_shared_but_cannot_change_it()
    {
        var (who, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var network = await who.Network();
        (await other.Get($"{Root}/networks/{network}")).Is(404);
        (await who.Put($"{Root}/networks/{network}", new { network = new { shared = true } })).Is(403);
        (await Cloud.Admin.Put($"{Root}/networks/{network}", new { network = new { shared = true } })).Is(200);
        (await other.Get($"{Root}/networks/{network}")).Is(200);
        Assert.Equal("PolicyNotAuthorized", (await other.Put($"{Root}/networks/{network}", new { network = new { name = "mine" } })).Is(403).Type());
        await other.Port(network);
        Assert.Equal("InvalidSharedSetting", (await Cloud.Admin.Put($"{Root}/networks/{network}", new { network = new { shared = false } })).Is(409).Type());
    }

    [Fact, Proves("PUT /network/v2.0/quotas/{id}")]
    public async Task a_project_at_its_limit_is_told_so()
    {
        var who = await Cloud.NewProject();
        (await Cloud.Admin.Put($"{Root}/quotas/{who.ProjectId}", new { quota = new { network = 1 } })).Is(200);
        await who.Network();
        Assert.Equal("OverQuota", (await who.Post($"{Root}/networks", new { network = new { name = "one too many" } })).Is(409).Type());
        var details = (await who.Get($"{Root}/quotas/{who.ProjectId}/details")).Is(200)["quota"]["network"]!;
        Assert.Equal((1, 1), ((int)details["limit"]!, (int)details["used"]!));
    }

    [Fact]
    public async Task an_unknown_filter_is_refused_and_a_known_one_filters()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        (await who.Get($"{Root}/networks?colour=red")).Is(400);
        Assert.Equal(network, (string)(await who.Get($"{Root}/networks?id={network}&router:external=false&status=ACTIVE")).Is(200)["networks"].AsArray().Single()!["id"]!);
        Assert.Empty((await who.Get($"{Root}/networks?id={network}&admin_state_up=false")).Is(200)["networks"].AsArray());
    }
}
