using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class DomainConfigsOnSqlite() : DomainConfigs("sqlite");
public sealed class DomainConfigsOnPostgres() : DomainConfigs("postgres");

public abstract class DomainConfigs(string database) : CloudTests(database)
{
    [Fact]
    public async Task a_secret_is_refused_among_the_options_of_a_domain()
    {
        var id = await Cloud.Admin.Make("domain", new { name = Cloud.Name("bureau") });
        Assert.DoesNotContain("very-secret", (await Cloud.Admin.Put($"/identity/v3/domains/{id}/config", new { config = new { ldap = new { password = "very-secret", url = "ldap://a" } } })).Is(201).Text);
        Assert.DoesNotContain("password", (await Cloud.Admin.Get($"/identity/v3/domains/{id}/config")).Is(200).Text);
        (await Cloud.Admin.Delete($"/identity/v3/domains/{id}/config")).Is(204);
        (await Cloud.Admin.Get($"/identity/v3/domains/{id}/config")).Is(404);
    }

    [Fact]
    public async Task an_option_changes_alone_and_the_others_stay()
    {
        var id = await Cloud.Admin.Make("domain", new { name = Cloud.Name("bureau") });
        var path = $"/identity/v3/domains/{id}/config";
        (await Cloud.Admin.Put(path, new { config = new { identity = new { driver = "sql", list_limit = 10 } } })).Is(201);
        var config = (await Cloud.Admin.Patch(path + "/identity/driver", new { config = new { driver = "ldap" } })).Is(200)["config"];
        Assert.Equal("ldap", (string)config["identity"]!["driver"]!);
        Assert.Equal(10, (int)config["identity"]!["list_limit"]!);
    }
}
