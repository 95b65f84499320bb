using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Api.Identity;
using Xiangyun.Screen;
using Xiangyun.Testing;

namespace Xiangyun.Api.Screen;

public sealed class FiguresOnSqlite() : Figures("sqlite");
public sealed class FiguresOnPostgres() : Figures("postgres");

/// <summary>What the big screen is told: counted, with its moment, and only to those who may watch.</summary>
public abstract class Figures(string database) : CloudTests(database)
{
    private const string Screen = "/xiangyun/v1/screen", Tokens = "/xiangyun/v1/screen-tokens";

    private async Task<(string Id, string Secret)> NewToken(int hours = 1)
    {
        var made = (await Cloud.Admin.Post(Tokens, new { screen_token = new { name = Cloud.Name("wall"), hours } })).Is(201)["screen_token"];
        return ((string)made["id"]!, (string)made["secret"]!);
    }

    [Fact, Proves("GET /xiangyun/v1/screen"), Proves("POST /xiangyun/v1/screen-tokens"), Proves("GET /xiangyun/v1/screen-tokens"), Proves("DELETE /xiangyun/v1/screen-tokens/{id}")]
    public async Task a_token_opens_the_screen_and_nothing_else_until_it_is_deleted()
    {
        var (id, secret) = await NewToken();
        var wall = Cloud.Nobody.With("X-Screen-Token", secret);
        var seen = (await wall.Get(Screen)).Is(200);
        Assert.True((double)seen["figures"]["hosts.alive"]!["value"]! >= 1);
        Assert.DoesNotContain(secret, (await Cloud.Admin.Get(Tokens)).Is(200).Text);
        Assert.Single((await Cloud.Admin.Get(Tokens + "?limit=1")).Is(200)["screen_tokens"].AsArray());
        foreach (var path in new[] { "/compute/v2.1/servers", "/xiangyun/v1/hosts", Tokens }) (await wall.Get(path)).Is(401);
        foreach (var wrong in new[] { "", "wrong", secret + "x", new string('a', 5000) }) (await Cloud.Nobody.With("X-Screen-Token", wrong).Get(Screen)).Is(401);
        var clerk = await Cloud.NewProject("manager");
        (await clerk.Get(Screen)).Is(403);
        (await clerk.Post(Tokens, new { screen_token = new { name = "mine" } })).Is(403);
        (await Cloud.Auditor.Get(Screen)).Is(200);
        (await Cloud.Admin.Post(Tokens, new { screen_token = new { name = "x", hours = 0 } })).Is(400);
        (await Cloud.Admin.Delete($"{Tokens}/{id}")).Is(204);
        (await Cloud.Admin.Delete($"{Tokens}/{id}")).Is(404);
        (await wall.Get(Screen)).Is(401);
    }

    [Fact]
    public async Task every_number_is_what_there_is_with_its_moment_and_whose_it_is()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var name = (string)(await bureau.Get($"/identity/v3/domains/{domain}")).Is(200)["domain"]["name"]!;
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        var user = await bureau.Make("user", new { name = Cloud.Name("u"), domain_id = domain, password = "a-password-of-tests" });
        (await bureau.Put($"/identity/v3/projects/{project}/users/{user}/roles/{await Cloud.Role("member")}")).Is(204);
        var who = await Cloud.As(user, "a-password-of-tests", new { project = new { id = project } });
        var board = Cloud.Services.GetRequiredService<Board>();
        async Task<JsonNode> Seen()
        {
            await board.Tick(default);
            return (await Cloud.Admin.Get(Screen)).Is(200)["figures"];
        }
        double Of(JsonNode figures, string key) => (double)figures[key]!["value"]!;
        var before = await Seen();
        await bureau.Make("project", new { name = Cloud.Name("q"), domain_id = domain });
        var after = await Seen();
        Assert.True(Of(after, "systems") > Of(before, "systems")); // other tests only add
        foreach (var (key, figure) in after.AsObject())
        {
            var age = Xiangyun.Kernel.Clock.Ms(TimeProvider.System) - (long)figure!["as_of"]!;
            Assert.True(age > -5000 && age < Math.Max(90_000, 3000 * (long)figure["period_s"]!), $"{key} is {age} ms old"); // after three periods a screen shows it grey
            Assert.StartsWith("/", (string)figure["evidence"]!);
        }
        var text = (await Cloud.Admin.Get(Screen)).Is(200).Text;
        Assert.DoesNotContain(user, text);
        Assert.DoesNotContain((await who.Get("/identity/v3/users/" + user)).Is(200)["user"]["name"]!.ToString(), text);
        var (network, flavor, image) = (await who.NewNetwork(), await Cloud.NewFlavor(), await Cloud.NewImage());
        (await who.Post("/compute/v2.1/servers", Errands.ServerBody("counted", flavor, image, network))).Is(202);
        Assert.Equal(1, (double)(await Seen())["servers"]!["shares"]!.AsArray().Single(s => (string)s!["name"]! == name)!["value"]!);
    }

    [Fact, Proves("GET /xiangyun/v1/screen/stream")]
    public async Task the_stream_goes_on_by_itself_and_ends_with_its_token()
    {
        var (id, secret) = await NewToken();
        using var request = new HttpRequestMessage(HttpMethod.Get, Screen + "/stream") { Headers = { { "X-Screen-Token", secret } } };
        using var answer = await Cloud.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var board = Cloud.Services.GetRequiredService<Board>();
        async Task<long> Next()
        {
            while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return (long)JsonNode.Parse(line["data: ".Length..])!["number"]!;
            return -1;
        }
        var first = await Next();
        await board.Tick(default);
        Assert.True(await Next() > first);
        (await Cloud.Admin.Delete($"{Tokens}/{id}")).Is(204);
        await board.Tick(default);
        for (var n = 0; await Next() >= 0; n++) Assert.True(n < 3, "the stream outlives its token");
    }
}
