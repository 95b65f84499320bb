using System.Security.Cryptography;
using System.Text;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class OpenIdOnSqlite() : OpenId("sqlite");
public sealed class OpenIdOnPostgres() : OpenId("postgres");

/// <summary>People of a domain whose OpenID provider is a real one.</summary>
public abstract class OpenId(string database) : CloudTests(database)
{
    private Task<Reply> Enter(string domain, string token) => Cloud.Nobody.With("Authorization", "Bearer " + token).Get($"/identity/v3/OS-FEDERATION/identity_providers/{domain}/protocols/openid/auth");

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    [Fact, Proves("PUT /xiangyun/v1/organisations/{id}/openid"), Proves("GET /xiangyun/v1/organisations/{id}/openid"), Proves("DELETE /xiangyun/v1/organisations/{id}/openid"), Proves("GET /identity/v3/OS-FEDERATION/identity_providers/{idp}/protocols/openid/auth")]
    public async Task who_the_domains_provider_vouches_for_gets_a_token_and_nobody_else_does()
    {
        await using var provider = await Glewlwyd.Start();
        var ((domain, bureau), (other, _)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        var path = $"/xiangyun/v1/organisations/{domain}/openid";
        (await bureau.Put(path, new { openid = new { issuer = provider.Issuer, client_id = Glewlwyd.Client } })).Is(403);
        (await Cloud.Admin.Put(path, new { openid = new { issuer = "http://provider.example", client_id = Glewlwyd.Client } })).Is(400);
        (await Cloud.Admin.Get(path)).Is(404);
        (await Cloud.Admin.Put(path, new { openid = new { issuer = provider.Issuer, client_id = Glewlwyd.Client } })).Is(200);
        Assert.Equal("preferred_username", (string)(await Cloud.Admin.Get(path)).Is(200)["openid"]["name_claim"]!);

        var (id, access) = await provider.Tokens();
        var entered = (await Enter(domain, id)).Is(201);
        Assert.Equal((Glewlwyd.Person, domain), ((string)entered["token"]["user"]!["name"]!, (string)entered["token"]["user"]!["domain"]!["id"]!));
        var user = (string)entered["token"]["user"]!["id"]!;
        Assert.Equal(user, (string)(await Enter(domain, id)).Is(201)["token"]["user"]!["id"]!);
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        (await bureau.Put($"/identity/v3/projects/{project}/users/{user}/roles/{await Cloud.Role("member")}")).Is(204);
        var token = new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = entered.Header("X-Subject-Token") } }, scope = new { project = new { id = project } } } };
        var scoped = (await Cloud.Nobody.Post("/identity/v3/auth/tokens", token)).Is(201);
        Assert.Contains("openid", scoped["token"]["methods"]!.AsArray().Select(m => (string)m!));
        (await new Client(Cloud.Http, scoped.Header("X-Subject-Token")).Get("/compute/v2.1/servers")).Is(200);

        var parts = id.Split('.');
        using var stranger = RSA.Create(2048);
        var forged = $"{parts[0]}.{parts[1]}.{Base64(stranger.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        var unsigned = $"{Base64("""{"alg":"none","typ":"JWT"}"""u8.ToArray())}.{parts[1]}.";
        foreach (var (why, wrong) in new[] { ("for the provider, not for us", access), ("signed by another", forged), ("not signed", unsigned), ("no token", "nonsense"), ("empty", "") })
            Assert.Equal((why, 401), (why, (await Enter(domain, wrong)).Status));
        (await Enter(other, id)).Is(401);
        (await Enter("nowhere", id)).Is(401);
        (await Cloud.Nobody.Get($"/identity/v3/OS-FEDERATION/identity_providers/{domain}/protocols/openid/auth")).Is(401);

        // the name alone never makes somebody another one
        var (second, secondChief) = await Cloud.NewDomain();
        await secondChief.Make("user", new { name = Glewlwyd.Person, domain_id = second, password = "a-password-of-tests" });
        (await Cloud.Admin.Put($"/xiangyun/v1/organisations/{second}/openid", new { openid = new { issuer = provider.Issuer, client_id = Glewlwyd.Client } })).Is(200);
        (await Enter(second, id)).Is(409);
        (await Cloud.Admin.Delete(path)).Is(204);
        (await Enter(domain, id)).Is(401);
        (await Cloud.Admin.Put(path, new { openid = new { issuer = "http://127.0.0.1:9", client_id = Glewlwyd.Client } })).Is(200);
        (await Enter(domain, id)).Is(503);
    }

    private Task<Reply> Redeem(string code, string state, string session) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "openid" }, openid = new { code, state, session } }, scope = "unscoped" } });

    [Fact, Proves("GET /xiangyun/v1/openid/authorization")]
    public async Task a_browser_that_the_provider_sends_back_is_signed_in_by_its_code_once()
    {
        await using var provider = await Glewlwyd.Start();
        var (domain, bureau) = await Cloud.NewDomain();
        var name = (string)(await bureau.Get($"/identity/v3/domains/{domain}")).Is(200)["domain"]["name"]!;
        string Ask(string organisation, string back = Glewlwyd.Back) => $"/xiangyun/v1/openid/authorization?domain={organisation}&redirect_uri={Uri.EscapeDataString(back)}";
        var none = (await Cloud.Nobody.Get(Ask(name))).Is(404)["detail"];
        Assert.Equal((string)none!, (string)(await Cloud.Nobody.Get(Ask("nowhere"))).Is(404)["detail"]!);
        (await Cloud.Admin.Put($"/xiangyun/v1/organisations/{domain}/openid", new { openid = new { issuer = provider.Issuer, client_id = Glewlwyd.Client, client_secret = Glewlwyd.ClientSecret } })).Is(200);
        var shown = (await Cloud.Admin.Get($"/xiangyun/v1/organisations/{domain}/openid")).Is(200);
        Assert.True((bool)shown["openid"]["client_secret_set"]!);
        Assert.DoesNotContain(Glewlwyd.ClientSecret, shown.Text);
        (await Cloud.Nobody.Get(Ask(name, "http://elsewhere.example/"))).Is(400);

        var begun = (await Cloud.Nobody.Get(Ask(name))).Is(200)["authorization"];
        var other = (await Cloud.Nobody.Get(Ask(name))).Is(200)["authorization"];
        var (code, state) = await provider.Visit((string)begun["url"]!);
        (await Redeem(code, state, (string)other["session"]!)).Is(401);
        (await Redeem(code, "another", (string)begun["session"]!)).Is(401);
        (await Redeem("another", state, (string)begun["session"]!)).Is(401);
        var entered = (await Redeem(code, state, (string)begun["session"]!)).Is(201);
        Assert.Equal((Glewlwyd.Person, "openid"), ((string)entered["token"]["user"]!["name"]!, (string)entered["token"]["methods"]!.AsArray().Single()!));
        (await Redeem(code, state, (string)begun["session"]!)).Is(401);
        // the code of another sign-in, put into one's own
        var (stolen, _) = await provider.Visit((string)other["url"]!);
        (await Redeem(stolen, state, (string)begun["session"]!)).Is(401);
    }
}
