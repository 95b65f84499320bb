using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.SignInRules;

/// <summary>
/// Which factors somebody must prove: those of its own rules, and where its domain demands a second factor, a one-time code or a passkey. Who has none yet gets a
/// token without a scope, which is good for enrolling one and for nothing of the cloud.
/// </summary>
internal static class SecondFactor
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Enough = [["password", "totp"], ["passkey"]];

    public static Task<bool> Demanded(IdentityDb db, string domainId) => db.SignInPolicies.AnyAsync(p => p.DomainId == domainId && p.SecondFactor);

    public static Task<bool> Enrolled(IdentityDb db, string userId) => db.Users.AnyAsync(u => u.Id == userId && (db.Credentials.Any(c => c.UserId == u.Id && c.Type == "totp") || db.Passkeys.Any(p => p.UserId == u.Id)));

    /// <param name="scoped">It names a scope that it wants.</param>
    /// <returns>The factors, and whether one has to be enrolled before anything else.</returns>
    public static async Task<(IReadOnlyList<IReadOnlyList<string>> Rules, bool EnrolFirst)> Wanted(IdentityDb db, UserRow user, IReadOnlyList<string> methods, bool scoped)
    {
        var own = new UserOptions(user.Options).FactorRules;
        // Programs prove themselves with a secret of their own, which its owner made after proving both; a provider asks for its own factors;
        // a passkey is two factors in one.
        if (methods.Contains("application_credential") || methods.Contains("openid") || methods.Contains("passkey") || methods.Contains("totp") || !await Demanded(db, user.DomainId)) return (own, false);
        if (await Enrolled(db, user.Id)) return (Enough, false);
        return !scoped ? (own, true) : throw CloudError.Unauthorized("Your organisation demands a second factor and you have none yet: sign in without a scope, enrol one (POST /v3/credentials, type totp, or a passkey in the console), and sign in again with it.");
    }
}
