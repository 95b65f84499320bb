using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class SavedViewsOnSqlite() : SavedViews("sqlite");
public sealed class SavedViewsOnPostgres() : SavedViews("postgres");

/// <summary>Views of lists follow the person, are nobody else's, and are addresses and nothing else.</summary>
public abstract class SavedViews(string database) : CloudTests(database)
{
    private const string Views = "/xiangyun/v1/me/views";

    private static object View(string name, string page = "servers", string query = "f.status=ACTIVE&sort=-created_at") => new { view = new { name, page, query } };

    [Fact, Proves("GET /xiangyun/v1/me/views"), Proves("POST /xiangyun/v1/me/views"), Proves("PATCH /xiangyun/v1/me/views/{id}"), Proves("DELETE /xiangyun/v1/me/views/{id}")]
    public async Task a_view_is_kept_renamed_and_deleted_by_its_owner_and_seen_by_nobody_else()
    {
        var who = await Cloud.NewProject();
        var id = (string)(await who.Post(Views, View("失败的云主机", query: "f.status=ERROR&columns=host"))).Is(201)["view"]["id"]!;
        (await who.Post(Views, View("running"))).Is(201);
        (await who.Post(Views, View("running", "volumes"))).Is(201);
        Assert.Equal(2, (await who.Get(Views + "?page=servers")).Is(200)["views"].AsArray().Count);
        var page = (await who.Get(Views + "?limit=2")).Is(200);
        Assert.NotNull((string?)page["next"]);
        Assert.Single((await who.Get(Views + $"?limit=2&marker={page["views"][1]!["id"]}")).Is(200)["views"].AsArray());

        var stranger = await Cloud.NewProject();
        Assert.Empty((await stranger.Get(Views)).Is(200)["views"].AsArray());
        (await stranger.Patch($"{Views}/{id}", new { view = new { name = "mine" } })).Is(404);
        (await stranger.Delete($"{Views}/{id}")).Is(404);
        (await stranger.Get(Views + "?marker=" + id)).Is(400);

        var renamed = (await who.Patch($"{Views}/{id}", new { view = new { name = "出错", query = "f.status=ERROR" } })).Is(200)["view"];
        Assert.Equal(("出错", "f.status=ERROR"), ((string)renamed["name"]!, (string)renamed["query"]!));
        (await who.Delete($"{Views}/{id}")).Is(204);
        (await who.Delete($"{Views}/{id}")).Is(404);
    }

    [Fact]
    public async Task a_name_is_used_once_for_a_list_and_what_is_no_query_is_refused()
    {
        var who = await Cloud.NewProject();
        (await who.Post(Views, View("one"))).Is(201);
        (await who.Post(Views, View("one"))).Is(409);
        var two = (string)(await who.Post(Views, View("two"))).Is(201)["view"]["id"]!;
        Assert.Contains("another name", (await who.Patch($"{Views}/{two}", new { view = new { name = "one" } })).Is(409).Text);
        foreach (var query in new[] { "a b", "x#y", "?x", "<script>", "f.name=祥", new string('a', 2001) }) (await who.Post(Views, View("bad", query: query))).Is(400);
        (await who.Post(Views, View("bad", "../servers"))).Is(400);
        (await who.Post(Views, View("   "))).Is(400);
        (await who.Post(Views, new { view = new { name = "x", page = "servers", query = "", colour = 1 } })).Is(400);
    }
}
