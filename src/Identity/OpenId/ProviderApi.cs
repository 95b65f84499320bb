using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.Organisations;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.OpenId;

/// <summary>/organisations/{id}/openid: which OpenID provider speaks for the people of a domain.</summary>
internal sealed class ProviderApi(IdentityStore store, CodeFlow flow, Vault vault) : IApi
{
    private const string Path = "/organisations/{id}/openid";

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/openid/authorization", Rules.Public, Begin);
        r.Get(Path, "identity:domain_config", call => store.Read(async db => Wire(await Kept(db, (await IdentityStore.Domain(db, call["id"])).Id))));
        r.Put(Path, "identity:domain_config", "openid.set", Set);
        r.Delete(Path, "identity:domain_config", "openid.delete", Delete);
    }

    private static async Task<ProviderRow> Kept(IdentityDb db, string domainId) =>
        await db.OpenIdProviders.SingleOrDefaultAsync(p => p.DomainId == domainId) ?? throw CloudError.NotFound($"The domain {domainId} has no OpenID provider.");

    private static Answer Wire(ProviderRow p) => Answer.Ok(new JsonObject
    {
        ["openid"] = new JsonObject
        {
            ["domain_id"] = p.DomainId, ["issuer"] = p.Issuer, ["client_id"] = p.ClientId, ["name_claim"] = p.NameClaim, ["client_secret_set"] = p.SealedSecret is not null, ["updated_at"] = Clock.Seconds(p.UpdatedAt),
            ["auth_path"] = $"/identity/v3/OS-FEDERATION/identity_providers/{p.DomainId}/protocols/openid/auth",
        },
    });

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("openid");
        var (issuer, client, claim) = (body.Text("issuer", 1, 500), body.Text("client_id", 1, 255), body.TextOr("name_claim", 1, 64) ?? "preferred_username");
        var secret = body.TextOr("client_secret", 1, 1024);
        body.Done();
        if (!IsSafe(issuer))
            throw CloudError.Invalid($"Invalid input for field/attribute openid.issuer. Value: {issuer}. It must be an https address; only a provider on this machine may be asked in plain.");
        return await store.Write(call.Actor, async (tx, db) =>
        {
            var domain = await IdentityStore.Domain(db, call["id"]);
            await db.OpenIdProviders.Where(p => p.DomainId == domain.Id).ExecuteDeleteAsync();
            db.Add(new ProviderRow { DomainId = domain.Id, Issuer = issuer, ClientId = client, NameClaim = claim, SealedSecret = secret is null ? null : vault.Seal(secret), UpdatedAt = tx.Now });
            await tx.Save();
            tx.Audit(call.Verb, "openid_provider", domain.Id, null, new { issuer, client, claim });
            return Wire(await Kept(db, domain.Id));
        });
    }

    /// <summary>For whoever wants to come in by its organisation's provider: where to send the browser. A domain that has none is answered like one that is not there.</summary>
    private async Task<Answer> Begin(Call call)
    {
        var (name, redirect) = (call.QueryOr("domain") ?? "", call.QueryOr("redirect_uri"));
        if (redirect is null || redirect.Length > 500 || !IsSafe(redirect)) throw CloudError.Invalid($"Invalid input for field/attribute redirect_uri. Value: {redirect}. It must be the https address to which the provider sends the browser back; plain http only on this machine.");
        var provider = await store.Read(db => db.OpenIdProviders.SingleOrDefaultAsync(p => db.Projects.Any(d => d.Id == p.DomainId && d.IsDomain && d.Enabled && (d.Name == name || d.Id == name))))
            ?? throw CloudError.NotFound("There is no organisation of this name whose people sign in by a provider of its own.");
        var (url, session) = await flow.Begin(provider, redirect, call.Stop);
        return Answer.Ok(new JsonObject { ["authorization"] = new JsonObject { ["url"] = url, ["session"] = session } });
    }

    private static bool IsSafe(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == "https" || url.Scheme == "http" && IsHere(url.Host));

    private static bool IsHere(string host) => host == "localhost" || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Kept(db, (await IdentityStore.Domain(db, call["id"])).Id);
            await db.OpenIdProviders.Where(p => p.DomainId == row.DomainId).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "openid_provider", row.DomainId, null, new { row.Issuer });
        });
        return Answer.NoContent;
    }
}
