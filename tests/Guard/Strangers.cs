using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;
using Xiangyun.Wire;

namespace Xiangyun.Guard;

public sealed class StrangersOnSqlite() : Strangers("sqlite");
public sealed class StrangersOnPostgres() : Strangers("postgres");

/// <summary>Calls every route without a token, and with the token of another project against somebody's objects.</summary>
public abstract class Strangers(string database) : CloudTests(database)
{
    // Answers that speak of the caller itself or of what everybody may see, whatever the id in the path.
    private static readonly string[] Open = ["/identity/v3/regions", "/identity/v3/services", "/identity/v3/endpoints"];
    private const string SameForAll = "/defaults"; // the limits of a project without limits of its own

    [Fact]
    public async Task without_a_token_every_route_answers_401_unless_it_is_public()
    {
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All)
        {
            var reply = await Cloud.Nobody.Send(new HttpMethod(route.Method), Operations.Fill(service, route, (_, _) => Id.New()), Body(route));
            var open = route.Rule == Rules.Public;
            if (open ? reply.Status >= 500 : reply.Status != 401) wrong.Add(reply.ToString());
            if (reply.Header("x-openstack-request-id") is null) wrong.Add("no request id: " + reply);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task an_expired_looking_or_invented_token_is_no_token()
    {
        foreach (var token in new[] { "x", new string('a', 4000), "gAAAAAB" + Id.New(), "CfDJ8" + new string('A', 200), "\u0001" })
        {
            var reply = await Cloud.Nobody.With("X-Auth-Token", token).Get("/network/v2.0/networks");
            Assert.True(reply.Status is 400 or 401, $"{token}: {reply}");
        }
    }

    [Fact]
    public async Task another_projects_objects_cannot_be_seen_or_touched_on_any_route()
    {
        var (owner, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var objects = await Belongings.Of(owner);
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Route.Path.Contains('{') && !r.Route.Path.EndsWith(SameForAll) && !Open.Any(o => Operations.Path(r.Service, r.Route).StartsWith(o))))
        {
            var reply = await stranger.Send(new HttpMethod(route.Method), Operations.Fill(service, route, (name, after) => objects.For(name, after, stranger)), Body(route));
            if (reply.Status is < 400 or >= 500) wrong.Add(reply.ToString());
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        foreach (var path in objects.Paths) (await owner.Get(path)).Is(200);
    }

    [Fact]
    public async Task ids_that_name_nothing_are_never_a_fault_of_the_server_even_for_the_administrator()
    {
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Route.Path.Contains('{')))
            foreach (var id in new[] { Id.New(), "not-a-uuid", "%00", new string('x', 300), "..%2f..%2fetc" })
            {
                var reply = await Cloud.Admin.Send(new HttpMethod(route.Method), Operations.Fill(service, route, (name, _) => name == "project_id" ? Cloud.Admin.ProjectId : id), Body(route));
                if (reply.Status >= 500) wrong.Add(reply.ToString());
            }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static JsonNode? Body(Route route) => route.Method is "POST" or "PUT" or "PATCH" ? new JsonObject() : null;
}
