using Xiangyun.Testing;

namespace Xiangyun.Api.Image;

public sealed class MetadefsOnSqlite() : Metadefs("sqlite");
public sealed class MetadefsOnPostgres() : Metadefs("postgres");

public abstract class Metadefs(string database) : CloudTests(database)
{
    private const string Root = "/image/v2/metadefs/namespaces";

    [Fact]
    public async Task a_private_namespace_is_not_seen_by_another_project()
    {
        var member = await Cloud.NewProject();
        var name = Cloud.Name("words");
        (await Cloud.Admin.Post(Root, new { @namespace = name })).Is(201);
        (await member.Get($"{Root}/{name}")).Is(404);
        (await Cloud.Admin.Put($"{Root}/{name}", new { @namespace = name, visibility = "public" })).Is(200);
        (await member.Get($"{Root}/{name}")).Is(200);
    }

    [Fact]
    public async Task a_member_cannot_write_metadata_definitions()
    {
        var member = await Cloud.NewProject();
        (await member.Post(Root, new { @namespace = Cloud.Name("words") })).Is(403);
    }

    [Fact]
    public async Task a_namespace_goes_with_everything_in_it_once_it_is_no_longer_protected()
    {
        var name = Cloud.Name("words");
        var wish = new { @namespace = name, @protected = true, tags = new[] { new { name = "a" } }, properties = new { cores = new { title = "Cores", type = "integer" } } };
        var made = (await Cloud.Admin.Post(Root, wish)).Is(201);
        Assert.Equal("Cores", (string)made["properties"]["cores"]!["title"]!);
        (await Cloud.Admin.Delete($"{Root}/{name}")).Is(403);
        (await Cloud.Admin.Put($"{Root}/{name}", new { @namespace = name, @protected = false })).Is(200);
        (await Cloud.Admin.Delete($"{Root}/{name}")).Is(204);
        (await Cloud.Admin.Post(Root, new { @namespace = name })).Is(201);
        Assert.Empty((await Cloud.Admin.Get($"{Root}/{name}/tags")).Is(200)["tags"].AsArray());
    }
}
