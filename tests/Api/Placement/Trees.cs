using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Placement;

public sealed class TreesOnSqlite() : Trees("sqlite");
public sealed class TreesOnPostgres() : Trees("postgres");

public abstract class Trees(string database) : CloudTests(database)
{
    private Client Admin => Cloud.Admin.With("OpenStack-API-Version", "placement 1.39");

    private async Task<string> Provider(string? parent = null, object? inventories = null, string? trait = null)
    {
        var id = (string)(await Admin.Post("/placement/resource_providers", new { name = Cloud.Name("tree"), parent_provider_uuid = parent })).Is(200)["uuid"]!;
        if (inventories is not null) (await Admin.Put($"/placement/resource_providers/{id}/inventories", new { resource_provider_generation = 0, inventories })).Is(200);
        if (trait is null) return id;
        Assert.True((await Admin.Put($"/placement/traits/{trait}")).Status is 201 or 204);
        var generation = (long)(await Admin.Get($"/placement/resource_providers/{id}")).Is(200)["generation"]!;
        (await Admin.Put($"/placement/resource_providers/{id}/traits", new { resource_provider_generation = generation, traits = new[] { trait } })).Is(200);
        return id;
    }

    private static string Trait() => "CUSTOM_" + Id.New().Replace('-', '_').ToUpperInvariant();

    private static JsonObject Holds(string type, long? generation, params (string Provider, string Class, long Amount)[] all) => new()
    {
        ["allocations"] = new JsonObject(all.Select(a => KeyValuePair.Create(a.Provider, (JsonNode?)new JsonObject { ["resources"] = new JsonObject { [a.Class] = a.Amount } }))),
        ["project_id"] = "trees", ["user_id"] = "u", ["consumer_generation"] = generation, ["consumer_type"] = type,
    };

    [Fact, Proves("PUT /placement/resource_providers/{id}"), Proves("POST /placement/resource_providers")]
    public async Task a_provider_moves_between_trees_but_never_into_itself()
    {
        var (root, other) = (await Provider(), await Provider());
        var child = await Provider(root);
        var told = (await Admin.Get($"/placement/resource_providers/{await Provider(child)}")).Is(200);
        Assert.Equal((root, child), ((string?)told["root_provider_uuid"], (string?)told["parent_provider_uuid"]));
        Assert.Equal(3, (await Admin.Get($"/placement/resource_providers?in_tree={child}")).Is(200)["resource_providers"].AsArray().Count);
        (await Admin.Delete($"/placement/resource_providers/{root}")).Is(409);
        (await Admin.Put($"/placement/resource_providers/{root}", new { name = Cloud.Name("tree"), parent_provider_uuid = child })).Is(400);
        (await Admin.With("OpenStack-API-Version", "placement 1.36").Put($"/placement/resource_providers/{child}", new { name = Cloud.Name("tree"), parent_provider_uuid = other })).Is(400);
        var moved = (await Admin.Put($"/placement/resource_providers/{child}", new { name = Cloud.Name("tree"), parent_provider_uuid = other })).Is(200);
        Assert.Equal(other, (string?)moved["root_provider_uuid"]);
        (await Admin.Post("/placement/resource_providers", new { name = Cloud.Name("tree"), parent_provider_uuid = Id.New() })).Is(400);
    }

    [Fact, Proves("GET /placement/allocation_candidates")]
    public async Task a_candidate_of_nested_providers_says_which_group_each_serves_and_can_be_taken_as_it_is()
    {
        var mark = Trait();
        var root = await Provider(null, new { MEMORY_MB = new { total = 1024 } });
        var numa = await Provider(root, new { VCPU = new { total = 4 } }, mark);
        var query = $"resources_RAM=MEMORY_MB:512&resources_CPU=VCPU:2&required_CPU=in:{mark}&group_policy=none&same_subtree=_RAM,_CPU&in_tree_CPU={root}";
        var found = (await Admin.Get("/placement/allocation_candidates?" + query)).Is(200);
        var one = found["allocation_requests"].AsArray().Single()!.DeepClone().AsObject();
        Assert.Equal((root, numa), ((string?)one["mappings"]!["_RAM"]![0], (string?)one["mappings"]!["_CPU"]![0]));
        Assert.Equal(root, (string?)found["provider_summaries"][numa]!["root_provider_uuid"]);
        (one["project_id"], one["user_id"], one["consumer_generation"], one["consumer_type"]) = ("trees", "u", null, "INSTANCE");
        (await Admin.Put($"/placement/allocations/{Id.New()}", one)).Is(204);
        Assert.Equal(2, (long)(await Admin.Get($"/placement/resource_providers/{numa}/usages")).Is(200)["usages"]["VCPU"]!);
        (await Admin.Get($"/placement/allocation_candidates?resources=VCPU:1&root_required=!{mark},{mark}")).Is(400);
        (await Admin.Get("/placement/allocation_candidates?resources=VCPU:1&same_subtree=_NONE")).Is(400);
        (await Admin.With("OpenStack-API-Version", "placement 1.30").Get($"/placement/allocation_candidates?resources=VCPU:1&in_tree={root}")).Is(400);
    }

    [Fact, Proves("POST /placement/reshaper")]
    public async Task a_reshape_moves_what_is_held_to_a_provider_inside_at_once_or_not_at_all()
    {
        var root = await Provider(null, new { VGPU = new { total = 4 } });
        var child = await Provider(root);
        var consumer = Id.New();
        (await Admin.Put($"/placement/allocations/{consumer}", Holds("INSTANCE", null, (root, "VGPU", 3)))).Is(204);
        async Task<long> Generation(string id) => (long)(await Admin.Get($"/placement/resource_providers/{id}")).Is(200)["generation"]!;
        async Task<Reply> Reshape(long total) => await Admin.Post("/placement/reshaper", new JsonObject
        {
            ["inventories"] = new JsonObject
            {
                [root] = new JsonObject { ["resource_provider_generation"] = await Generation(root), ["inventories"] = new JsonObject() },
                [child] = new JsonObject { ["resource_provider_generation"] = await Generation(child), ["inventories"] = new JsonObject { ["VGPU"] = new JsonObject { ["total"] = total } } },
            },
            ["allocations"] = new JsonObject { [consumer] = Holds("INSTANCE", 1, (child, "VGPU", 3)) },
        });
        (await Reshape(2)).Is(409);
        Assert.Equal(3, (long)(await Admin.Get($"/placement/resource_providers/{root}/usages")).Is(200)["usages"]["VGPU"]!);
        (await Reshape(4)).Is(204);
        Assert.Empty((await Admin.Get($"/placement/resource_providers/{root}/usages")).Is(200)["usages"].AsObject());
        Assert.Equal(3, (long)(await Admin.Get($"/placement/resource_providers/{child}/usages")).Is(200)["usages"]["VGPU"]!);
        (await Admin.With("OpenStack-API-Version", "placement 1.29").Post("/placement/reshaper", new { })).Is(404);
    }

    [Fact, Proves("GET /placement/usages")]
    public async Task usages_are_told_apart_by_type_of_consumer()
    {
        var provider = await Provider(null, new { VCPU = new { total = 9 } });
        var project = Id.New();
        foreach (var (type, amount) in new[] { ("INSTANCE", 2), ("INSTANCE", 1), ("MIGRATION", 3) })
        {
            var body = Holds(type, null, (provider, "VCPU", amount));
            body["project_id"] = project;
            (await Admin.Put($"/placement/allocations/{Id.New()}", body)).Is(204);
        }
        var usages = (await Admin.Get($"/placement/usages?project_id={project}")).Is(200)["usages"];
        Assert.Equal((3, 2, 3), ((int)usages["INSTANCE"]!["VCPU"]!, (int)usages["INSTANCE"]!["consumer_count"]!, (int)usages["MIGRATION"]!["VCPU"]!));
        Assert.Equal(6, (int)(await Admin.Get($"/placement/usages?project_id={project}&consumer_type=all")).Is(200)["usages"]["all"]!["VCPU"]!);
        Assert.Equal(6, (int)(await Admin.With("OpenStack-API-Version", "placement 1.37").Get($"/placement/usages?project_id={project}")).Is(200)["usages"]["VCPU"]!);
        (await Admin.Put($"/placement/allocations/{Id.New()}", Holds("small", null, (provider, "VCPU", 1)))).Is(400);
    }
}
