using Xiangyun.Identity.Tokens;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>A password that is kept here, or that the directory of the person's domain knows.</summary>
internal sealed class PasswordFactor(Claimants claimants, Passwords passwords, PasswordRules rules, Directories.Directories directories, ScopeChoice scopes, TimeProvider clock) : IFactor
{
    public string Method => "password";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var who = identity.Object(Method).Object("user");
        var (user, password) = (await claimants.Find(who), who.Text("password", 0, 4096));
        var right = passwords.Matches(user?.PasswordHash, password);
        if (!right && !claimants.Locked(call, user) && await ByDirectory(who, user, password) is { } known) (user, right) = (known, true);
        await claimants.MustCount(call, who, user, right, Method);
        if (rules.ExpiresAt(user!) <= clock.Ms()) throw CloudError.Unauthorized($"The password is expired and needs to be changed for user: {user!.Id}.");
        return new Proof(user!.Id, [Method], null, null);
    }

    /// <summary>Who is not known here, or has no password here, may be known to the directory of its domain.</summary>
    private async Task<UserRow?> ByDirectory(Fields who, UserRow? user, string password)
    {
        if (user is not null) return await directories.Enter(user, user.DomainId, user.Name, password);
        return who.TextOr("name") is { } name && who.ObjectOr("domain") is { } domain && await scopes.Domain(domain) is { } row ? await directories.Enter(null, row.Id, name, password) : null;
    }
}
