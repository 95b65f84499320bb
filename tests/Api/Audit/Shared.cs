using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Audit;

/// <summary>Asks that several tests of the audit log have in common.</summary>
internal static class Asked
{
    /// <summary>The records that a filter finds, newest first, once the chain has reached what was written until now.</summary>
    public static async Task<List<JsonNode>> Records(Cloud cloud, Client who, string filter)
    {
        await Chained(cloud);
        return [.. (await who.Get($"/xiangyun/v1/audit/records?{filter}")).Is(200)["records"].AsArray().Select(r => r!)];
    }

    public static async Task<JsonNode> One(Cloud cloud, Client who, string filter) => Assert.Single(await Records(cloud, who, filter));

    /// <summary>The chain has reached everything that was written until now; others may go on writing.</summary>
    public static Task<JsonNode> Chained(Cloud cloud)
    {
        var began = Clock.Seconds(TimeProvider.System.Ms());
        return Wait.For("the chain reaches everything", async () => (await cloud.Auditor.Get("/xiangyun/v1/audit/state")).Is(200)["state"],
            state => (long)state["chained_seq"]! > 0 && ((long)state["waiting"]! == 0 || string.CompareOrdinal((string)state["oldest_waiting_at"]!, began) > 0), TimeSpan.FromSeconds(30));
    }

    /// <summary>Somebody with a role in a new domain, signed in to that domain.</summary>
    public static async Task<(Client Manager, string DomainId)> Bureau(Cloud cloud, string role = "manager")
    {
        var domain = (string)(await cloud.Admin.Post("/identity/v3/domains", new { domain = new { name = Cloud.Name("bureau") } })).Is(201)["domain"]["id"]!;
        var (name, password) = (Cloud.Name("head"), "a-password-of-tests");
        var user = (string)(await cloud.Admin.Post("/identity/v3/users", new { user = new { name, domain_id = domain, password } })).Is(201)["user"]["id"]!;
        await cloud.Grant($"domains/{domain}/users/{user}", role);
        return (await Client.SignIn(cloud.Http, name, password, new { domain = new { id = domain } }, domain), domain);
    }
}
