using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Placement;

public sealed class ProvidersOnSqlite() : Providers("sqlite");
public sealed class ProvidersOnPostgres() : Providers("postgres");

public abstract class Providers(string database) : CloudTests(database)
{
    private Client Admin => Cloud.Admin.With("OpenStack-API-Version", "placement 1.29");

    /// <summary>A provider of the test's own, so that nothing is ever placed on it.</summary>
    private async Task<string> Provider(long vcpus, params string[] traits)
    {
        var id = (string)(await Admin.Post("/placement/resource_providers", new { name = Cloud.Name("provider") })).Is(200)["uuid"]!;
        (await Admin.Put($"/placement/resource_providers/{id}/inventories", new { resource_provider_generation = 0, inventories = new { VCPU = new { total = vcpus } } })).Is(200);
        foreach (var trait in traits.Where(t => t.StartsWith("CUSTOM_"))) Assert.True((await Admin.Put($"/placement/traits/{trait}")).Status is 201 or 204);
        if (traits.Length > 0) (await Admin.Put($"/placement/resource_providers/{id}/traits", new { resource_provider_generation = 1, traits })).Is(200);
        return id;
    }

    private static JsonObject Allocation(string provider, long vcpus, long? generation = null) => new()
    {
        ["allocations"] = new JsonObject { [provider] = new JsonObject { ["resources"] = new JsonObject { ["VCPU"] = vcpus } } },
        ["project_id"] = "p", ["user_id"] = "u", ["consumer_generation"] = generation,
    };

    [Fact, Proves("GET /placement/resource_providers"), Proves("GET /placement/resource_providers/{id}/traits"), Proves("GET /placement/resource_providers/{id}/inventories")]
    public async Task every_host_is_a_provider_with_inventories_and_says_that_it_is_simulated()
    {
        var host = (await Cloud.Admin.Get("/xiangyun/v1/hosts?name=sim-001")).Is(200)["hosts"][0]!;
        var path = $"/placement/resource_providers/{(string)host["id"]!}";
        await Wait.Until("the host is a provider", async () => (await Admin.Get(path)).Status == 200);
        Assert.Contains("CUSTOM_XY_SIMULATED", (await Admin.Get(path + "/traits")).Is(200)["traits"].AsArray().Select(t => (string)t!));
        var inventories = (await Admin.Get(path + "/inventories")).Is(200)["inventories"];
        Assert.Equal((long)host["memory_mib"]!, (long)inventories["MEMORY_MB"]!["total"]!);
        Assert.Equal(4.0, (double)inventories["VCPU"]!["allocation_ratio"]!);
    }

    [Fact, Proves("PUT /placement/resource_providers/{id}/inventories")]
    public async Task a_stale_generation_is_a_concurrent_update()
    {
        var id = await Provider(4);
        var reply = (await Admin.Put($"/placement/resource_providers/{id}/inventories", new { resource_provider_generation = 0, inventories = new { VCPU = new { total = 9 } } })).Is(409);
        Assert.Equal("placement.concurrent_update", (string)reply["errors"][0]!["code"]!);
    }

    [Fact, Proves("PUT /placement/allocations/{id}"), Proves("GET /placement/allocations/{id}"), Proves("DELETE /placement/allocations/{id}")]
    public async Task a_consumers_generation_guards_its_allocations()
    {
        var (provider, consumer) = (await Provider(4), Id.New());
        (await Admin.Put($"/placement/allocations/{consumer}", Allocation(provider, 2, 7))).Is(409);
        (await Admin.Put($"/placement/allocations/{consumer}", Allocation(provider, 2))).Is(204);
        var told = (await Admin.Get($"/placement/allocations/{consumer}")).Is(200);
        Assert.Equal(1, (long)told["consumer_generation"]!);
        var stale = (await Admin.Put($"/placement/allocations/{consumer}", Allocation(provider, 3))).Is(409);
        Assert.Equal("placement.concurrent_update", (string)stale["errors"][0]!["code"]!);
        (await Admin.Put($"/placement/allocations/{consumer}", Allocation(provider, 4, 1))).Is(204);
        (await Admin.Put($"/placement/allocations/{Id.New()}", Allocation(provider, 1))).Is(409);
        Assert.Equal(4, (long)(await Admin.Get($"/placement/resource_providers/{provider}/usages")).Is(200)["usages"]["VCPU"]!);
        (await Admin.Delete($"/placement/resource_providers/{provider}")).Is(409);
        (await Admin.Delete($"/placement/allocations/{consumer}")).Is(204);
        (await Admin.Delete($"/placement/resource_providers/{provider}")).Is(204);
    }

    [Fact, Proves("POST /placement/allocations")]
    public async Task one_consumer_hands_its_resources_to_another_in_one_step()
    {
        var (provider, old, other) = (await Provider(4), Id.New(), Id.New());
        (await Admin.Put($"/placement/allocations/{old}", Allocation(provider, 4))).Is(204);
        (await Admin.Post("/placement/allocations", new JsonObject { [old] = new JsonObject { ["allocations"] = new JsonObject(), ["project_id"] = "p", ["user_id"] = "u", ["consumer_generation"] = 1 }, [other] = Allocation(provider, 4) })).Is(204);
        Assert.Empty((await Admin.Get($"/placement/allocations/{old}")).Is(200)["allocations"].AsObject());
        Assert.Single((await Admin.Get($"/placement/allocations/{other}")).Is(200)["allocations"].AsObject());
    }

    [Fact, Proves("GET /placement/allocation_candidates")]
    public async Task candidates_have_the_room_and_the_traits_that_were_asked_for()
    {
        var trait = "CUSTOM_T" + Id.New().Replace('-', '_').ToUpperInvariant();
        var (small, large) = (await Provider(2, trait), await Provider(8, trait, "COMPUTE_NODE"));
        async Task<IEnumerable<string>> Of(string query) => (await Admin.Get($"/placement/allocation_candidates?required={trait}{query}")).Is(200)["provider_summaries"].AsObject().Select(p => p.Key);
        Assert.Equal([small, large], (await Of("&resources=VCPU:2")).Order());
        Assert.Equal([large], await Of("&resources=VCPU:3"));
        Assert.Equal([small], await Of(",!COMPUTE_NODE&resources=VCPU:1"));
        Assert.Single(await Of("&resources=VCPU:1&limit=1"));
        async Task<IEnumerable<string>> Two(string query) => (await Admin.Get($"/placement/allocation_candidates?required1={trait}&required2={trait}{query}")).Is(200)["provider_summaries"].AsObject().Select(p => p.Key);
        Assert.Equal([large], await Two("&resources1=VCPU:2&resources2=VCPU:2&group_policy=none"));
        Assert.Empty(await Two("&resources1=VCPU:1&resources2=VCPU:1&group_policy=isolate"));
    }

    [Theory]
    [InlineData("resources=VCPU:0")]
    [InlineData("resources=CUSTOM_NO_SUCH_CLASS:1")]
    [InlineData("resources=VCPU:1&required=CUSTOM_NO_SUCH_TRAIT")]
    [InlineData("resources=VCPU:1&member_of=云")]
    [InlineData("resources1=VCPU:1&resources2=VCPU:1")]
    [InlineData("resources=VCPU:1&limit=0")]
    [InlineData("required=COMPUTE_NODE")]
    [InlineData("resources=VCPU:1&whatever=1")]
    public async Task a_candidates_query_that_makes_no_sense_is_refused(string query) => (await Admin.Get("/placement/allocation_candidates?" + query)).Is(400);

    [Fact]
    public async Task what_came_with_a_later_microversion_does_not_exist_before()
    {
        (await Cloud.Admin.Get("/placement/traits")).Is(404);
        (await Cloud.Admin.Get("/placement/allocation_candidates?resources=VCPU:1")).Is(404);
        (await Cloud.Admin.With("OpenStack-API-Version", "placement 1.40").Get("/placement/traits")).Is(406);
        Assert.Equal("1.39", (string)(await Cloud.Nobody.Get("/placement/")).Is(200)["versions"][0]!["max_version"]!);
    }

    [Fact]
    public async Task sixteen_writers_at_once_never_take_more_than_there_is()
    {
        var provider = await Provider(10);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ => (await Admin.Put($"/placement/allocations/{Id.New()}", Allocation(provider, 1))).Status));
        Assert.Equal((10, 6), (statuses.Count(s => s == 204), statuses.Count(s => s == 409)));
        Assert.Equal(10, (long)(await Admin.Get($"/placement/resource_providers/{provider}/usages")).Is(200)["usages"]["VCPU"]!);
    }
}
