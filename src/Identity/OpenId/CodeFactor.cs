using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Factors;
using Xiangyun.Identity.Tokens;
using Xiangyun.Wire;

namespace Xiangyun.Identity.OpenId;

/// <summary>A code that the provider of the person's domain gave to its browser.</summary>
internal sealed class CodeFactor(IdentityStore store, CodeFlow flow, Assertions assertions, Directories.Directories directories, SignInLog log) : IFactor
{
    public string Method => "openid";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var given = identity.Object(Method);
        var (code, begun) = (given.Text("code", 1, 4096), flow.Open(given.Text("session", 1, 8192), given.Text("state", 1, 255)));
        // What the operator has changed meanwhile counts: another provider did not ask for this.
        var provider = begun is null ? null : await store.Read(db => db.OpenIdProviders.SingleOrDefaultAsync(p => p.DomainId == begun.DomainId && p.Issuer == begun.Issuer && db.Projects.Any(d => d.Id == p.DomainId && d.Enabled)));
        if (provider is not null && await flow.Exchange(provider, begun!, code, call.Stop) is { } token && await assertions.Read(provider, token, call.Stop, begun!.Nonce) is { } person)
            return new Proof((await directories.Known(provider.DomainId, person)).Id, [Method], null, null);
        await log.Refused(call, "", Method, provider?.DomainId);
        throw SignIn.Wrong();
    }
}
