using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Trusts;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Identity.Projects;

/// <summary>What goes with a project, a domain, a user or a group, so that no assignment points to nothing.</summary>
internal static class Removal
{
    public static async Task Project(Tx tx, IdentityDb db, string id)
    {
        await Quotas.Gone(tx, id);
        await db.Assignments.IgnoreQueryFilters().Where(a => a.TargetKind == "project" && a.TargetId == id).ExecuteDeleteAsync();
        await db.ApplicationCredentials.Where(c => c.ProjectId == id).ExecuteDeleteAsync();
        await db.Credentials.Where(c => c.ProjectId == id).ExecuteDeleteAsync();
        await TrustRules.Remove(db, db.Trusts.Where(t => t.ProjectId == id));
        await db.ProjectEndpoints.Where(e => e.ProjectId == id).ExecuteDeleteAsync();
        await db.ProjectEndpointGroups.Where(e => e.ProjectId == id).ExecuteDeleteAsync();
        await db.Limits.Where(l => l.ProjectId == id).ExecuteDeleteAsync();
        await db.Projects.Where(p => p.Id == id).ExecuteDeleteAsync();
    }

    public static async Task User(IdentityDb db, string id)
    {
        await db.Assignments.IgnoreQueryFilters().Where(a => a.ActorKind == "user" && a.ActorId == id).ExecuteDeleteAsync();
        await db.Memberships.Where(m => m.UserId == id).ExecuteDeleteAsync();
        await db.ApplicationCredentials.Where(c => c.UserId == id).ExecuteDeleteAsync();
        await db.AccessRules.Where(r => r.UserId == id).ExecuteDeleteAsync();
        await db.Credentials.Where(c => c.UserId == id).ExecuteDeleteAsync();
        await TrustRules.Remove(db, db.Trusts.Where(t => t.TrustorId == id || t.TrusteeId == id));
        await db.People.Where(p => p.UserId == id).ExecuteDeleteAsync();
        await db.Passkeys.Where(p => p.UserId == id).ExecuteDeleteAsync();
        await db.Views.Where(v => v.UserId == id).ExecuteDeleteAsync();
        await db.Sessions.Where(s => s.UserId == id).ExecuteDeleteAsync();
        await db.Users.Where(u => u.Id == id).ExecuteDeleteAsync();
    }

    public static async Task Group(IdentityDb db, string id)
    {
        await db.Assignments.IgnoreQueryFilters().Where(a => a.ActorKind == "group" && a.ActorId == id).ExecuteDeleteAsync();
        await db.Memberships.Where(m => m.GroupId == id).ExecuteDeleteAsync();
        await db.Groups.Where(g => g.Id == id).ExecuteDeleteAsync();
    }

    public static async Task Role(IdentityDb db, string id)
    {
        await db.Assignments.IgnoreQueryFilters().Where(a => a.RoleId == id).ExecuteDeleteAsync();
        await db.Implications.Where(i => i.PriorId == id || i.ImpliedId == id).ExecuteDeleteAsync();
        await db.Roles.Where(r => r.Id == id).ExecuteDeleteAsync();
    }

    public static async Task Domain(Tx tx, IdentityDb db, string id)
    {
        await Quotas.Gone(tx, id);
        foreach (var project in await db.Projects.Where(p => p.DomainId == id && !p.IsDomain).Select(p => p.Id).ToListAsync()) await Project(tx, db, project);
        foreach (var user in await db.Users.Where(u => u.DomainId == id).Select(u => u.Id).ToListAsync()) await User(db, user);
        foreach (var group in await db.Groups.Where(g => g.DomainId == id).Select(g => g.Id).ToListAsync()) await Group(db, group);
        foreach (var role in await db.Roles.Where(r => r.DomainId == id).Select(r => r.Id).ToListAsync()) await Role(db, role);
        await db.Assignments.IgnoreQueryFilters().Where(a => a.TargetKind == "domain" && a.TargetId == id).ExecuteDeleteAsync();
        await db.Limits.Where(l => l.DomainId == id).ExecuteDeleteAsync();
        await db.Options.Where(o => o.DomainId == id).ExecuteDeleteAsync();
        await db.SignInPolicies.Where(p => p.DomainId == id).ExecuteDeleteAsync();
        await db.OpenIdProviders.Where(p => p.DomainId == id).ExecuteDeleteAsync();
        await db.Projects.Where(p => p.Id == id).ExecuteDeleteAsync();
    }
}
