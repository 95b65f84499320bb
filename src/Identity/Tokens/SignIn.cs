using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Factors;
using Xiangyun.Identity.Trusts;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>What came of a try to sign in: a session, or the question for more factors.</summary>
internal sealed record Entry(Session? Session, Answer? Question = null);

/// <summary>Puts the factors together that somebody proves. What the ticket is good for, <see cref="ScopeChoice"/> decides.</summary>
internal sealed class SignIn(IdentityStore store, IEnumerable<IFactor> factors, Receipts receipts, ScopeChoice scopes, TimeProvider clock)
{
    private readonly Dictionary<string, IFactor> _factors = factors.ToDictionary(f => f.Method);

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
            if (!_factors.TryGetValue(method, out var factor)) throw CloudError.Unauthorized($"The method '{method}' is not offered; use {string.Join(", ", _factors.Keys)}.");
            var next = await factor.Prove(call, identity);
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
}
