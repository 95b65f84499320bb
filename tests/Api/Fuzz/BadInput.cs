using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Testing;
using Xiangyun.Wire;

namespace Xiangyun.Api.Fuzz;

public sealed class BadInputOnSqlite() : BadInput("sqlite");
public sealed class BadInputOnPostgres() : BadInput("postgres");

/// <summary>
/// Walks every route there is with input that no honest client sends. Whatever comes: an answer of the class that the
/// caller's mistake deserves, in the shape of that service's errors, with a request id, and never a fault of the server.
/// </summary>
public abstract partial class BadInput(string database) : CloudTests(database)
{
    [Fact]
    public Task bodies_that_are_no_json_objects() => Walk(Writing, BadBodies.NotObjects);

    [Fact]
    public Task bodies_with_unknown_or_wrong_members() => Walk(Writing, BadBodies.WrongMembers);

    [Fact]
    public async Task bodies_of_another_content_type_or_too_large()
    {
        await Walk(Writing, _ => [("text/xml", "<a/>"), ("application/x-www-form-urlencoded", "a=b"), ("", "{}")]);
        await Walk(Writing.Where(r => !r.Route.Path.EndsWith("/file", StringComparison.Ordinal)).Take(40), _ => [("application/json", $$"""{"a":"{{new string('x', 3 << 20)}}"}""")]);
    }

    [Fact]
    public async Task query_strings_that_make_no_sense()
    {
        string[] queries =
        [
            "?limit=-1", "?limit=x", "?limit=99999999999999999999", "?limit=0", "?marker=nothing", "?marker=%00", "?sort_key=nothing&sort_dir=asc", "?sort_key=name&sort_dir=sideways", "?sort=name:up",
            "?name=%00", "?name=" + new string('n', 3000), "?id=%F0%9F%92%A9", "?fields=nothing", "?a=b&a=c", "?limit=1&limit=2", "?created_at=gt:never", "?name=%25%27%22%3B--", "?all_tenants=maybe", "?changes-since=never", "?ip=((((",
        ];
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Route.Method == "GET" && !r.Route.Path.EndsWith("/stream", StringComparison.Ordinal))) // streams go on
            foreach (var query in queries)
                Check(wrong, service, await Cloud.Admin.Get(Path(service, route) + query), any: true);
        Report(wrong);
    }

    [Theory]
    [InlineData("latest.1")]
    [InlineData("2")]
    [InlineData("-1.0")]
    [InlineData("99.99")]
    [InlineData("2.99999999999999999999")]
    [InlineData("")]
    public async Task microversions_that_there_are_not(string version)
    {
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Service.Versions is not null && r.Route.Method == "GET" && r.Route.Rule != Rules.Public))
        {
            var type = service.Versions!.ServiceType;
            var reply = await Cloud.Admin.With("OpenStack-API-Version", $"{type} {version}").Get(Path(service, route));
            Check(wrong, service, reply, any: version.Length == 0);
            if (version.Length > 0 && reply.Status is not (400 or 406)) wrong.Add("a version that there is not was taken: " + reply);
        }
        Report(wrong);
    }

    [Fact]
    public async Task paths_and_methods_that_there_are_not()
    {
        var wrong = new List<string>();
        foreach (var service in Cloud.Routes.All.Select(r => r.Service).DistinctBy(s => s.Root))
            foreach (var prefix in service.Prefixes)
            {
                var path = service.Root + prefix.Replace("{project_id}", Cloud.Admin.ProjectId);
                Check(wrong, service, await Cloud.Admin.Get(path + "/there-is-nothing-here"));
                Check(wrong, service, await Cloud.Admin.Post(path + "/there/is/%E7%A5%A5/nothing", new { }));
            }
        Report(wrong);
    }

    private IEnumerable<(Service Service, Route Route)> Writing => Cloud.Routes.All.Where(r => r.Route.Method is "POST" or "PUT" or "PATCH");

    private async Task Walk(IEnumerable<(Service Service, Route Route)> routes, Func<string, IEnumerable<(string Type, string Body)>> bodies)
    {
        var wrong = new List<string>();
        foreach (var (service, route) in routes)
            foreach (var (type, body) in bodies(route.Path))
                Check(wrong, service, await Cloud.Admin.Send(new HttpMethod(route.Method), Path(service, route), body, type), any: true);
        Report(wrong);
    }

    private string Path(Service service, Route route) => Parameter().Replace(service.Root + (route.Prefixed ? service.Prefixes[^1] : "") + route.Path,
        m => m.Groups[1].Value == "project_id" ? Cloud.Admin.ProjectId : Id.New());

    /// <param name="any">Some routes rightly take it (an action without members, a filter that is ignored): then only its faults count.</param>
    private static void Check(List<string> wrong, Service service, Reply reply, bool any = false)
    {
        if (reply.Header("x-openstack-request-id") is null) wrong.Add("no request id: " + reply);
        if (reply.Status >= 500) wrong.Add("a fault of the server: " + reply);
        else if (reply.Status < 400) { if (!any) wrong.Add("taken: " + reply); }
        else if (!HasShape(service, reply)) wrong.Add("not the error of this service: " + reply);
    }

    private static bool HasShape(Service service, Reply reply)
    {
        if (!reply.IsJson || JsonNode.Parse(reply.Bytes) is not JsonObject body) return false;
        var style = reply.Status == 401 ? ErrorStyle.Keystone : service.Errors;
        var model = style.Body(reply.Status, "m", null, "r").AsObject();
        return style == ErrorStyle.Nova || style == ErrorStyle.Cinder
            ? body.Count == 1 && body.First().Value is JsonObject { } inner && inner.ContainsKey("code") && inner.ContainsKey("message")
            : model.Select(p => p.Key).Order().SequenceEqual(body.Select(p => p.Key).Order());
    }

    private static void Report(List<string> wrong) => Assert.True(wrong.Count == 0, $"{wrong.Count} wrong answers\n" + string.Join('\n', wrong.Take(60).Select(w => w.Length > 600 ? w[..600] : w)));

    [GeneratedRegex(@"\{\*{0,2}([a-zA-Z_]+)[^}]*\}")]
    private static partial Regex Parameter();
}
