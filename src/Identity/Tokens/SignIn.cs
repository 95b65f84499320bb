using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Checks who somebody is: by password, token or application credential. What the ticket is good for, <see cref="ScopeChoice"/> decides.</summary>
internal sealed class SignIn(IdentityStore store, Passwords passwords, TokenReader reader, ScopeChoice scopes, SignInLog log, TimeProvider clock)
{
    public async Task<Ticket> Enter(Call call, Fields auth)
    {
        // Taken before the password is read: should it change meanwhile, the ticket counts as older than the change.
        var now = clock.Ms();
        var identity = auth.Object("identity");
        var methods = identity.TextsOr("methods") ?? throw CloudError.Invalid("Expecting to find methods in identity.");
        Proof? proof = null;
        foreach (var method in methods.Distinct())
        {
            var next = method switch
            {
                "password" => await ByPassword(call, identity.Object("password").Object("user")),
                "token" => await ByToken(identity.Object("token").Text("id", 1, 4096)),
                "application_credential" => await ByCredential(call, identity.Object("application_credential")),
                _ => throw CloudError.Unauthorized($"The method '{method}' is not offered; use password, token or application_credential."),
            };
            if (proof is not null && proof.UserId != next.UserId) throw Wrong();
            proof = proof is null ? next : new Proof(next.UserId, [.. proof.Methods.Union(next.Methods)], proof.Parent ?? next.Parent, proof.Credential ?? next.Credential);
        }
        if (proof is null) throw CloudError.Unauthorized("Authentication methods are missing.");
        return await scopes.Ticket(proof, auth, now);
    }

    public static CloudError Wrong() => CloudError.Unauthorized("The request you have made requires authentication.");

    private async Task<Proof> ByPassword(Call call, Fields who)
    {
        var user = await FindUser(who);
        var right = passwords.Matches(user?.PasswordHash, who.Text("password", 0, 4096));
        if (right && user is { Enabled: true }) return new Proof(user.Id, ["password"], null, null);
        await log.Refused(call, user?.Id ?? who.TextOr("id") ?? who.TextOr("name") ?? "", "password", user?.DomainId);
        throw Wrong();
    }

    private async Task<Proof> ByToken(string token)
    {
        var session = await reader.Open(token) ?? throw Wrong();
        if (session.Ticket.ApplicationCredentialId is not null) throw CloudError.Forbidden("A token of an application credential cannot be exchanged for another one.");
        return new Proof(session.User.Id, [.. session.Ticket.Methods.Append("token").Distinct()], session.Ticket, null);
    }

    private async Task<Proof> ByCredential(Call call, Fields given)
    {
        var id = given.TextOr("id");
        var name = given.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in application_credential.");
        var owner = id is null ? await FindUser(given.Object("user")) : null;
        var row = await store.Read(db => id is not null
            ? db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == id)
            : db.ApplicationCredentials.SingleOrDefaultAsync(c => owner != null && c.UserId == owner.Id && c.Name == name));
        if (passwords.Matches(row?.SecretHash, given.Text("secret", 1, 4096)) && !(row!.ExpiresAt <= clock.Ms())) return new Proof(row.UserId, ["application_credential"], null, row);
        await log.Refused(call, row?.UserId ?? owner?.Id ?? id ?? name!, "application_credential");
        throw Wrong();
    }

    private async Task<UserRow?> FindUser(Fields who)
    {
        var id = who.TextOr("id");
        var name = who.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in user.");
        var domain = id is null ? await scopes.Domain(who.ObjectOr("domain") ?? throw CloudError.Invalid("Expecting to find domain in user when the user is given by name.")) : null;
        return await store.Read(db => id is not null
            ? db.Users.SingleOrDefaultAsync(u => u.Id == id)
            : db.Users.SingleOrDefaultAsync(u => domain != null && u.DomainId == domain.Id && u.Name == name));
    }
}
