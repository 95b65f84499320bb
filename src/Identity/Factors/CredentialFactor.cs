using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>An application credential: a program's own secret, good for one project and some roles.</summary>
internal sealed class CredentialFactor(Claimants claimants, IdentityStore store, Passwords passwords, SignInLog log, TimeProvider clock) : IFactor
{
    public string Method => "application_credential";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var given = identity.Object(Method);
        var id = given.TextOr("id");
        var name = given.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in application_credential.");
        var owner = id is null ? await claimants.Find(given.Object("user")) : null;
        var row = await store.Read(db => id is not null
            ? db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == id)
            : db.ApplicationCredentials.SingleOrDefaultAsync(c => owner != null && c.UserId == owner.Id && c.Name == name));
        if (passwords.Matches(row?.SecretHash, given.Text("secret", 1, 4096)) && !(row!.ExpiresAt <= clock.Ms())) return new Proof(row.UserId, [Method], null, row);
        await log.Refused(call, row?.UserId ?? owner?.Id ?? id ?? name!, Method);
        throw SignIn.Wrong();
    }
}
