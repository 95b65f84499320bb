using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.OpenId;

/// <summary>
/// Keystone's path of federated sign-in, as its clients know it (auth type v3oidcaccesstoken): a token of the domain's provider in, a
/// token of this cloud without a scope out. The identity provider is named by the domain's id, the protocol is openid.
/// </summary>
internal sealed class FederationApi(IdentityStore store, Assertions assertions, Directories.Directories directories, ScopeChoice scopes, TokenSender sender, SignInLog log, TimeProvider clock) : IApi
{
    private const string Path = "/OS-FEDERATION/identity_providers/{idp}/protocols/openid/auth";

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get(Path, Rules.Public, Enter);
        r.Post(Path, Rules.Public, "token.create", Enter);
    }

    private async Task<Answer> Enter(Call call)
    {
        var now = clock.Ms();
        var domain = call["idp"];
        var token = call.Http.Request.Headers.Authorization.FirstOrDefault() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : throw SignIn.Wrong();
        var provider = token.Length > 16_384 ? null : await store.Read(db => db.OpenIdProviders.SingleOrDefaultAsync(p => p.DomainId == domain && db.Projects.Any(d => d.Id == domain && d.Enabled)));
        if (provider is null || await assertions.Read(provider, token, call.Stop) is not { } person)
        {
            await log.Refused(call, "", "openid", provider?.DomainId);
            throw SignIn.Wrong();
        }
        var user = await directories.Known(domain, person);
        var session = await scopes.Enter(new Proof(user.Id, ["openid"], null, null), new Scope("none", null), now);
        return await sender.Send(call, session, 201);
    }
}
