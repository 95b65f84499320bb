using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.SignInRules;

/// <summary>
/// Which factors somebody must prove: those of its own rules, and a one-time code where its domain demands one. Who has none yet gets a
/// token without a scope, which is good for enrolling one and for nothing of the cloud.
/// </summary>
internal static class SecondFactor
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Both = [["password", "totp"]];

    public static Task<bool> Demanded(IdentityDb db, string domainId) => db.SignInPolicies.AnyAsync(p => p.DomainId == domainId && p.SecondFactor);

    public static Task<bool> Enrolled(IdentityDb db, string userId) => db.Credentials.AnyAsync(c => c.UserId == userId && c.Type == "totp");

    /// <param name="scoped">It names a scope that it wants.</param>
    /// <returns>The factors, and whether one has to be enrolled before anything else.</returns>
    public static async Task<(IReadOnlyList<IReadOnlyList<string>> Rules, bool EnrolFirst)> Wanted(IdentityDb db, UserRow user, IReadOnlyList<string> methods, bool scoped)
    {
        var own = new UserOptions(user.Options).FactorRules;
        // Programs prove themselves with a secret of their own, which its owner made after proving both; a provider asks for its own factors.
        if (methods.Contains("application_credential") || methods.Contains("openid") || methods.Contains("totp") || !await Demanded(db, user.DomainId)) return (own, false);
        if (await Enrolled(db, user.Id)) return (Both, false);
        return !scoped ? (own, true) : throw CloudError.Unauthorized("Your organisation demands a second factor and you have none yet: sign in without a scope, enrol one (POST /v3/credentials, type totp), and sign in again with a code.");
    }
}
