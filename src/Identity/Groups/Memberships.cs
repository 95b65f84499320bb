using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Groups;

/// <summary>Who is in a group: to put somebody in is to grant all that the group holds.</summary>
internal static class Memberships
{
    public static async Task Join(Tx tx, IdentityDb db, Actor actor, string groupId, string userId)
    {
        await MustManage(db, actor, groupId);
        var user = await IdentityStore.User(db, userId);
        Reach.MustManage(actor, user.DomainId);
        await Separation.Together(tx, await Separation.Matters(db, await db.Assignments.Where(a => a.ActorKind == "group" && a.ActorId == groupId).Select(a => a.RoleId).ToListAsync()));
        if (!await db.Memberships.AnyAsync(m => m.GroupId == groupId && m.UserId == user.Id)) db.Add(new MembershipRow { GroupId = groupId, UserId = user.Id });
        await tx.Save();
        await Separation.Check(db, [user.Id]);
    }

    public static async Task Leave(Tx tx, IdentityDb db, Actor actor, string groupId, string userId)
    {
        await MustManage(db, actor, groupId);
        if (await db.Memberships.Where(m => m.GroupId == groupId && m.UserId == userId).ExecuteDeleteAsync() == 0) throw Keystone.Missing("user in group", userId);
    }

    public static async Task MustManage(IdentityDb db, Actor actor, string groupId)
    {
        Reach.MustManage(actor, (await IdentityStore.Group(db, groupId)).DomainId);
        await ManagerRules.MustHoldAllOf(db, actor, groupId);
    }
}
