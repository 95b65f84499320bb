using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Trusts;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>What came of a try to sign in: a session, or the question for more factors.</summary>
internal sealed record Entry(Session? Session, Answer? Question = null);

/// <summary>Checks who somebody is: by password, one-time code, token or application credential. What the ticket is good for, <see cref="ScopeChoice"/> decides.</summary>
internal sealed class SignIn(IdentityStore store, Passwords passwords, PasswordRules rules, Directories.Directories directories, Tries tries, CodeCheck codes, Receipts receipts, TokenReader reader, ScopeChoice scopes, SignInLog log, TimeProvider clock)
{
    public async Task<Entry> Enter(Call call, Fields auth)
    {
        // Taken before the password is read: should it change meanwhile, the ticket counts as older than the change.
        var now = clock.Ms();
        var identity = auth.Object("identity");
        var methods = identity.TextsOr("methods") ?? throw CloudError.Invalid("Expecting to find methods in identity.");
        var receipt = receipts.Of(call);
        var proof = receipt is null ? null : new Proof(receipt.UserId, receipt.Methods, null, null);
        var fresh = false;
        foreach (var method in methods.Distinct())
        {
            var next = method switch
            {
                "password" => await ByPassword(call, identity.Object("password").Object("user")),
                "totp" => await ByCode(call, identity.Object("totp").Object("user")),
                "token" => await ByToken(identity.Object("token").Text("id", 1, 4096)),
                "application_credential" => await ByCredential(call, identity.Object("application_credential")),
                _ => throw CloudError.Unauthorized($"The method '{method}' is not offered; use password, totp, token or application_credential."),
            };
            fresh = true;
            if (proof is not null && proof.UserId != next.UserId) throw Wrong();
            proof = proof is null ? next : new Proof(next.UserId, [.. proof.Methods.Union(next.Methods)], proof.Parent ?? next.Parent, proof.Credential ?? next.Credential);
        }
        if (proof is null || !fresh) throw CloudError.Unauthorized("Authentication methods are missing.");
        var (question, enrolFirst) = await Lacking(call, proof, receipt, auth.Has("scope") && !ScopeChoice.IsUnscoped(auth));
        if (question is not null) return new Entry(null, question);
        var session = enrolFirst ? await scopes.Enter(proof, new Scope("none", null), now) : await scopes.Enter(proof, auth, now);
        if (session.Trust is { RemainingUses: not null } trust) await Use(call, session, trust);
        return new Entry(session);
    }

    public static CloudError Wrong() => CloudError.Unauthorized("The request you have made requires authentication.");

    private Task<(Answer? Question, bool EnrolFirst)> Lacking(Call call, Proof proof, Receipts.Receipt? receipt, bool scoped) => store.Read<(Answer?, bool)>(async db =>
    {
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == proof.UserId) is not { Enabled: true } user) throw Wrong();
        if (user.PasswordChangedAt > receipt?.IssuedAt) throw Wrong(); // what the receipt tells of is proven no more
        var (wanted, enrolFirst) = await SignInRules.SecondFactor.Wanted(db, user, proof.Methods, scoped);
        return Receipts.Enough(wanted, [.. proof.Methods]) ? (null, enrolFirst) : (receipts.Ask(call, user, await IdentityStore.Domain(db, user.DomainId), proof.Methods, wanted), false);
    });

    private Task Use(Call call, Session session, TrustRow trust) => store.Write(session.Actor with { RequestId = call.RequestId }, async (tx, db) =>
    {
        await TrustRules.Use(db, trust.Id);
        tx.Audit("trust.use", "trust", trust.Id, trust.ProjectId);
    });

    private async Task<Proof> ByPassword(Call call, Fields who)
    {
        var (user, password) = (await FindUser(who), who.Text("password", 0, 4096));
        var right = passwords.Matches(user?.PasswordHash, password);
        if (!right && (user is null || !tries.Locked(user, clock.Ms())) && await ByDirectory(who, user, password) is { } known) (user, right) = (known, true);
        await MustCount(call, who, user, right, "password");
        if (rules.ExpiresAt(user!) <= clock.Ms()) throw CloudError.Unauthorized($"The password is expired and needs to be changed for user: {user!.Id}.");
        return new Proof(user!.Id, ["password"], null, null);
    }

    /// <summary>Who is not known here, or has no password here, may be known to the directory of its domain.</summary>
    private async Task<UserRow?> ByDirectory(Fields who, UserRow? user, string password)
    {
        if (user is not null) return await directories.Enter(user, user.DomainId, user.Name, password);
        return who.TextOr("name") is { } name && who.ObjectOr("domain") is { } domain && await scopes.Domain(domain) is { } row ? await directories.Enter(null, row.Id, name, password) : null;
    }

    private async Task<Proof> ByCode(Call call, Fields who)
    {
        var user = await FindUser(who);
        var code = who.Text("passcode", 1, 16);
        var right = user is not null && !tries.Locked(user, clock.Ms()) && await codes.Take(user, code);
        await MustCount(call, who, user, right, "totp");
        return new Proof(user!.Id, ["totp"], null, null);
    }

    /// <summary>Refuses what was wrong, and what was right while the user is locked or disabled; all in the same words.</summary>
    public async Task MustCount(Call call, Fields who, UserRow? user, bool right, string method)
    {
        var locked = user is not null && tries.Locked(user, clock.Ms());
        if (right && !locked && user is { Enabled: true }) return;
        await log.Refused(call, user?.Id ?? who.TextOr("id") ?? who.TextOr("name") ?? "", method, user?.DomainId, right || locked ? null : user);
        throw Wrong();
    }

    private async Task<Proof> ByToken(string token)
    {
        var session = await reader.Open(token) ?? throw Keystone.Missing("token", "it is unknown, expired or revoked");
        if (session.Trust is not null) throw CloudError.Forbidden("A token of a trust cannot be exchanged for another one; sign in with the trust again.");
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
