using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Tokens;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>Whom a sign-in names, and the refusal of those who did not prove it: in the log, counted, and in the same words for all.</summary>
internal sealed class Claimants(IdentityStore store, Tries tries, ScopeChoice scopes, SignInLog log, TimeProvider clock)
{
    public async Task<UserRow?> Find(Fields who)
    {
        var id = who.TextOr("id");
        var name = who.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in user.");
        var domain = id is null ? await scopes.Domain(who.ObjectOr("domain") ?? throw CloudError.Invalid("Expecting to find domain in user when the user is given by name.")) : null;
        return await store.Read(db => id is not null
            ? db.Users.SingleOrDefaultAsync(u => u.Id == id)
            : db.Users.SingleOrDefaultAsync(u => domain != null && u.DomainId == domain.Id && u.Name == name));
    }

    public bool Locked(Call call, UserRow? user) => user is not null && tries.Locked(user, SignInLog.Remote(call), clock.Ms());

    /// <summary>Refuses what was wrong, and what was right while the user is locked or disabled.</summary>
    public async Task MustCount(Call call, Fields who, UserRow? user, bool right, string method)
    {
        var locked = Locked(call, user);
        if (right && !locked && user is { Enabled: true }) return;
        await log.Refused(call, user?.Id ?? who.TextOr("id") ?? who.TextOr("name") ?? "", method, user?.DomainId, right || locked ? null : user);
        throw SignIn.Wrong();
    }
}
