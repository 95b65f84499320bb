using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class QosOnSqlite() : Qos("sqlite");
public sealed class QosOnPostgres() : Qos("postgres");

public abstract class Qos(string database) : CloudTests(database)
{
    [Fact, Proves("POST /volume/v3/qos-specs"), Proves("GET /volume/v3/qos-specs/{id}"), Proves("PUT /volume/v3/qos-specs/{id}"), Proves("DELETE /volume/v3/qos-specs/{id}")]
    public async Task a_type_has_one_set_of_limits_at_most()
    {
        var admin = Cloud.Admin;
        var (first, second) = (await Made("read_iops_sec"), await Made("write_iops_sec"));
        var type = (string)(await admin.Post("/volume/v3/types", new { volume_type = new { name = $"t-{first}" } })).Is(200)["volume_type"]["id"]!;
        (await admin.Get($"/volume/v3/qos-specs/{first}/associate?vol_type_id={type}")).Is(202);
        (await admin.Get($"/volume/v3/qos-specs/{second}/associate?vol_type_id={type}")).Is(400);
        Assert.Equal(type, (string?)(await admin.Get($"/volume/v3/qos-specs/{first}/associations")).Is(200)["qos_associations"][0]!["id"]);
        (await admin.Delete($"/volume/v3/qos-specs/{first}")).Is(400);
        (await admin.Delete($"/volume/v3/qos-specs/{first}?force=True")).Is(202);
        (await admin.Get($"/volume/v3/qos-specs/{second}/associate?vol_type_id={type}")).Is(202);
        (await admin.Put($"/volume/v3/qos-specs/{second}/delete_keys", new { keys = new[] { "nothing" } })).Is(400);
        (await admin.Put($"/volume/v3/qos-specs/{second}/delete_keys", new { keys = new[] { "write_iops_sec" } })).Is(202);
        Assert.Empty((await admin.Get($"/volume/v3/qos-specs/{second}")).Is(200)["qos_specs"]["specs"]!.AsObject());
        (await admin.Get($"/volume/v3/qos-specs/{second}/disassociate_all")).Is(202);
        (await admin.Delete($"/volume/v3/qos-specs/{second}")).Is(202);

        async Task<string> Made(string key) => (string)(await admin.Post("/volume/v3/qos-specs", new { qos_specs = new Dictionary<string, string> { ["name"] = key, ["consumer"] = "both", [key] = "500" } })).Is(200)["qos_specs"]["id"]!;
    }

    [Fact]
    public async Task only_administrators_see_limits_of_types()
    {
        var member = await Cloud.NewProject();
        (await member.Get("/volume/v3/qos-specs")).Is(403);
        (await Cloud.Admin.Post("/volume/v3/qos-specs", """{"qos_specs":{"name":"n","consumer":"nobody"}}""")).Is(400);
    }
}
