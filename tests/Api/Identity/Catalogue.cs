using Xiangyun.Store.Audit;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class CatalogueOnSqlite() : Catalogue("sqlite");
public sealed class CatalogueOnPostgres() : Catalogue("postgres");

public abstract class Catalogue(string database) : CloudTests(database)
{
    [Theory, InlineData("/identity", 300), InlineData("/identity/", 300), InlineData("/identity/v3", 200), InlineData("/identity/v3/", 200)]
    public async Task versions_are_told_without_a_token(string path, int status) => (await Cloud.Nobody.Get(path)).Is(status);

    [Fact, Proves("POST /identity/v3/services"), Proves("POST /identity/v3/endpoints")]
    public async Task what_an_operator_adds_stands_in_the_catalogue_and_what_the_cloud_offers_cannot_be_removed()
    {
        var type = Cloud.Name("dns");
        var service = await Cloud.Admin.Make("service", new { type, name = "ours" });
        var region = Cloud.Name("region");
        var endpoint = await Cloud.Admin.Make("endpoint", new { service_id = service, @interface = "public", url = "https://dns.example/%(project_id)s", region });
        var catalogue = (await Cloud.Admin.Get("/identity/v3/auth/catalog")).Is(200)["catalog"].AsArray();
        Assert.Equal($"https://dns.example/{Cloud.Admin.ProjectId}", (string?)catalogue.Single(s => (string?)s!["type"] == type)!["endpoints"]![0]!["url"]);
        (await Cloud.Admin.Delete($"/identity/v3/regions/{region}")).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/services/{service}")).Is(204);
        (await Cloud.Admin.Get($"/identity/v3/endpoints/{endpoint}")).Is(404);
        (await Cloud.Admin.Delete($"/identity/v3/regions/{region}")).Is(204);
        var own = (string)(await Cloud.Admin.Get("/identity/v3/services?type=identity")).Is(200)["services"][0]!["id"]!;
        (await Cloud.Admin.Delete($"/identity/v3/services/{own}")).Is(403);
        (await (await Cloud.NewProject()).Post("/identity/v3/services", new { service = new { type, name = "mine" } })).Is(403);
    }

    [Fact]
    public async Task a_refused_sign_in_is_in_the_audit_log_without_what_was_typed()
    {
        var member = await Cloud.NewProject();
        (await Cloud.SignIn(member.UserId, "what-was-typed")).Is(401);
        var rows = await Cloud.Database.Read(q => Task.FromResult(q.Db<AuditDb>().Audit.Where(a => a.ResourceId == member.UserId && a.Verb == "token.refused").ToList()));
        var row = Assert.Single(rows);
        Assert.Equal("failure", row.Result);
        Assert.DoesNotContain("what-was-typed", System.Text.Json.JsonSerializer.Serialize(row));
    }

    [Fact, Proves("POST /identity/v3/credentials")]
    public async Task a_kept_credential_is_its_owners_alone()
    {
        var (owner, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var id = await owner.Make("credential", new { type = "cert", blob = "-----BEGIN" });
        Assert.Equal("-----BEGIN", (string?)(await owner.Get($"/identity/v3/credentials/{id}")).Is(200)["credential"]["blob"]);
        (await other.Get($"/identity/v3/credentials/{id}")).Is(404);
        Assert.Empty((await other.Get("/identity/v3/credentials")).Is(200)["credentials"].AsArray());
        (await other.Post("/identity/v3/credentials", new { credential = new { type = "cert", blob = "x", user_id = owner.UserId } })).Is(403);
        (await owner.Delete($"/identity/v3/credentials/{id}")).Is(204);
    }
}
