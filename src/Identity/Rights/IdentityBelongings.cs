using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Identity.Rights;

/// <summary>What else stands on a person: memberships, grants, and what acts in its name after it has gone.</summary>
internal sealed class IdentityBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        var db = q.Db<IdentityDb>();
        if (owner.UserId is not { } user)
        {
            var projects = owner.ProjectIds ?? [];
            return [await Heap.Of("application_credential", db.ApplicationCredentials.Where(c => projects.Contains(c.ProjectId)).OrderBy(c => c.Id).Select(c => new Thing(c.Id, c.Name, c.ProjectId)))];
        }
        return
        [
            await Heap.Of("grant", db.Assignments.Where(a => a.ActorKind == "user" && a.ActorId == user).OrderBy(a => a.TargetId)
                .Select(a => new Thing(a.TargetId, db.Roles.Where(r => r.Id == a.RoleId).Select(r => r.Name).FirstOrDefault(), a.TargetKind == "project" ? a.TargetId : null))),
            await Heap.Of("group", db.Memberships.Where(m => m.UserId == user).OrderBy(m => m.GroupId).Select(m => new Thing(m.GroupId, db.Groups.Where(g => g.Id == m.GroupId).Select(g => g.Name).FirstOrDefault(), null))),
            await Heap.Of("application_credential", db.ApplicationCredentials.Where(c => c.UserId == user).OrderBy(c => c.Id).Select(c => new Thing(c.Id, c.Name, c.ProjectId))),
            await Heap.Of("trust", db.Trusts.Where(t => t.TrustorId == user || t.TrusteeId == user).OrderBy(t => t.Id).Select(t => new Thing(t.Id, null, t.ProjectId))),
            await Heap.Of("passkey", db.Passkeys.Where(p => p.UserId == user).OrderBy(p => p.Id).Select(p => new Thing(p.Id, p.Name, null))),
            await Heap.Of("credential", db.Credentials.Where(c => c.UserId == user).OrderBy(c => c.Id).Select(c => new Thing(c.Id, c.Type, c.ProjectId))),
        ];
    }
}
