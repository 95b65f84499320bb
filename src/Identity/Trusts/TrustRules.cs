using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Trusts;

/// <summary>What may be handed on by a trust, and for how long. What was received by a trust can only shrink on its way.</summary>
internal static class TrustRules
{
    /// <summary>Redelegations in a row, as Keystone limits them.</summary>
    public const int Deepest = 3;

    public static async Task<TrustRow?> Valid(IdentityDb db, string id, long now) =>
        await db.Trusts.SingleOrDefaultAsync(t => t.Id == id && (t.ExpiresAt == null || t.ExpiresAt > now));

    public static void MustFit(TrustRow made, TrustRow? source, long now)
    {
        if (made.ExpiresAt <= now) throw CloudError.Invalid("expires_at lies in the past.");
        if (made.RedelegationCount > 0 && made.RemainingUses is not null) throw CloudError.Invalid("A trust that may be redelegated cannot have remaining_uses.");
        if (source is null) return;
        if (source.RedelegationCount <= 0) throw CloudError.Forbidden("This trust may not be redelegated.");
        if (made.RedelegationCount >= source.RedelegationCount) throw CloudError.Forbidden($"redelegation_count must be below {source.RedelegationCount}, that of the trust it comes from.");
        if (made.Impersonation && !source.Impersonation) throw CloudError.Forbidden("The trust that this comes from does not impersonate.");
        if (made.ProjectId != source.ProjectId) throw CloudError.Forbidden("A trust can be redelegated only for its own project.");
        if (source.ExpiresAt is { } end && !(made.ExpiresAt <= end)) throw CloudError.Forbidden("A redelegated trust must not outlive the trust it comes from.");
        if (Keystone.Texts(made.Roles).Except(Keystone.Texts(source.Roles)).Any()) throw CloudError.Forbidden("Some of the roles are not in the trust that this comes from.");
    }

    /// <summary>A use is taken when a token is issued; whoever comes after the last is refused.</summary>
    public static async Task Use(IdentityDb db, string id)
    {
        if (await db.Trusts.Where(t => t.Id == id && t.RemainingUses > 0).ExecuteUpdateAsync(s => s.SetProperty(t => t.RemainingUses, t => t.RemainingUses - 1)) == 0)
            throw CloudError.Forbidden($"No remaining uses for trust: {id}.");
    }

    /// <summary>Trusts go with everything that was made from them.</summary>
    public static async Task Remove(IdentityDb db, IQueryable<TrustRow> rows)
    {
        var ids = await rows.Select(t => t.Id).ToListAsync();
        if (ids.Count == 0) return;
        var children = (await db.Trusts.Where(t => t.RedelegatedFrom != null).Select(t => new { t.Id, t.RedelegatedFrom }).ToListAsync()).ToLookup(t => t.RedelegatedFrom!, t => t.Id);
        var all = Closure.Of(ids, children).ToList();
        await db.Trusts.Where(t => all.Contains(t.Id)).ExecuteDeleteAsync();
    }
}
