using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

/// <summary>What the tests of Identity make over and over.</summary>
internal static class Calls
{
    /// <param name="member">What the body calls it, when that is not the last part of the path.</param>
    public static async Task<string> Make(this Client by, string kind, object what, string? member = null)
    {
        var body = new Dictionary<string, object> { [member ?? kind] = what };
        return (string)(await by.Post($"/identity/v3/{kind}s", body)).Is(201)[member ?? kind]["id"]!;
    }

    public static async Task<string> Role(this Cloud cloud, string name) => (string)(await cloud.Admin.Get($"/identity/v3/roles?name={name}")).Is(200)["roles"][0]!["id"]!;

    public static Task<Reply> SignIn(this Cloud cloud, string userId, string password, object? scope = null) => cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id = userId, password } } }, scope = scope ?? "unscoped" },
    });

    public static async Task<Client> As(this Cloud cloud, string userId, string password, object scope)
    {
        var reply = (await cloud.SignIn(userId, password, scope)).Is(201);
        return new Client(cloud.Http, reply.Header("X-Subject-Token")) { UserId = userId, Password = password };
    }

    /// <summary>A new domain and the manager of it, signed in to the domain.</summary>
    public static async Task<(string DomainId, Client Manager)> NewDomain(this Cloud cloud)
    {
        var domainId = await cloud.Admin.Make("domain", new { name = Cloud.Name("bureau") });
        var userId = await cloud.Admin.Make("user", new { name = Cloud.Name("manager"), domain_id = domainId, password = "a-password-of-tests" });
        await cloud.Grant($"domains/{domainId}/users/{userId}", "manager");
        return (domainId, await cloud.As(userId, "a-password-of-tests", new { domain = new { id = domainId } }));
    }

    public static IEnumerable<string> Names(this Reply reply, string list) => reply[list].AsArray().Select(o => (string)o!["name"]!);
}
