using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Tokens;

internal sealed class Standpoints : IStandpoints
{
    public async Task<Actor?> Now(Query q, Standpoint standpoint)
    {
        var ticket = new Ticket(standpoint.UserId, standpoint.Scope, standpoint.Target, [], [""], q.Now, q.Now + 1, null);
        var actor = (await Standing.Read(q.Db<IdentityDb>(), ticket, q.Now))?.Actor;
        if (actor is null) return null;
        var roles = actor.Roles.Intersect(standpoint.Roles).ToHashSet();
        return roles.Count == 0 ? null : actor with { Roles = roles, Rules = null, TokenAuditId = null };
    }
}
