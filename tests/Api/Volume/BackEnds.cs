using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class BackEndsOnSqlite() : BackEnds("sqlite");
public sealed class BackEndsOnPostgres() : BackEnds("postgres");

public abstract class BackEnds(string database) : CloudTests(database)
{
    [Fact, Proves("GET /volume/v3/capabilities/{name}"), Proves("PUT /volume/v3/os-services/disable"), Proves("PUT /volume/v3/os-services/freeze")]
    public async Task a_back_end_says_what_it_can_and_is_not_switched_alone()
    {
        var service = (await Cloud.Admin.Get("/volume/v3/os-services")).Is(200)["services"][0]!;
        var host = (string)service["host"]!;
        Assert.Equal("file", (string?)(await Cloud.Admin.Get($"/volume/v3/capabilities/{host}")).Is(200)["storage_protocol"]);
        (await Cloud.Admin.Get("/volume/v3/capabilities/nowhere")).Is(404);
        (await Cloud.Admin.Put("/volume/v3/os-services/disable", new { host, binary = "cinder-volume" })).Is(400);
        (await Cloud.Admin.Put("/volume/v3/os-services/disable", new { host = "nowhere", binary = "cinder-volume" })).Is(404);
        (await Cloud.Admin.Put("/volume/v3/os-services/freeze", new { host = "nowhere" })).Is(400);
        Assert.Equal("enabled", (string?)(await Cloud.Admin.Get("/volume/v3/os-services")).Is(200)["services"][0]!["status"]);
    }
}
