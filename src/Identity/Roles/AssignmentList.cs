using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

/// <summary>GET /v3/role_assignments with its dotted filters; <c>effective</c> spells out groups, inheritance and implied roles.</summary>
internal static class AssignmentList
{
    public static async Task<List<JsonNode>> Read(IdentityDb db, Call call)
    {
        var effective = call.QueryFlag("effective");
        var rows = await (effective ? OfUser(db, call) : Stored(db, call)).ToListAsync();
        if (effective) rows = await Expand(db, rows);
        if (Reach.Only(call.Actor) is { } only) rows = await Within(db, rows, only);
        var scopes = await Scopes(db, call);
        rows = [.. rows.Where(a => Fits(call, a, scopes))];
        var names = call.QueryFlag("include_names") ? await AssignmentNames.Load(db, rows) : null;
        return [.. rows.Select(a => (JsonNode)Wire(call, a, names))];
    }

    /// <summary>Rows as they are stored: whom they are for is decided by the database already.</summary>
    private static IQueryable<AssignmentRow> Stored(IdentityDb db, Call call)
    {
        var rows = db.Assignments.AsQueryable();
        if (call.QueryOr("user.id") is { } user) rows = rows.Where(a => a.ActorKind == "user" && a.ActorId == user);
        if (call.QueryOr("group.id") is { } group) rows = rows.Where(a => a.ActorKind == "group" && a.ActorId == group);
        return rows.Same(call, "role.id", "RoleId");
    }

    /// <summary>Rows that may have an effect for the user who was asked for: its own and its groups'.</summary>
    private static IQueryable<AssignmentRow> OfUser(IdentityDb db, Call call)
    {
        if (call.QueryOr("user.id") is not { } user) return db.Assignments;
        var groups = db.Memberships.Where(m => m.UserId == user).Select(m => m.GroupId);
        return db.Assignments.Where(a => a.ActorKind == "user" && a.ActorId == user || a.ActorKind == "group" && groups.Contains(a.ActorId));
    }

    /// <summary>The projects that <c>scope.project.id</c> means: one, or with include_subtree all below it too.</summary>
    private static async Task<HashSet<string>?> Scopes(IdentityDb db, Call call)
    {
        if (call.QueryOr("scope.project.id") is not { } id) return null;
        if (!call.QueryFlag("include_subtree")) return [id];
        var children = (await db.Projects.Where(p => p.ParentId != null).ToListAsync()).ToLookup(p => p.ParentId!, p => p.Id);
        return Closure.Of([id], children);
    }

    private static bool Fits(Call call, AssignmentRow a, HashSet<string>? projects)
    {
        bool Is(string name, string kind, string actual, string id) => call.QueryOr(name) is not { } wanted || actual == kind && id == wanted;
        if (call.QueryOr("role.id") is { } role && a.RoleId != role) return false;
        if (call.QueryOr("scope.OS-INHERIT:inherited_to") is not null && !a.Inherited) return false;
        if (call.QueryOr("scope.system") is not null && a.TargetKind != "system") return false;
        if (projects is not null && (a.TargetKind != "project" || !projects.Contains(a.TargetId))) return false;
        return Is("user.id", "user", a.ActorKind, a.ActorId) && Is("group.id", "group", a.ActorKind, a.ActorId) && Is("scope.domain.id", "domain", a.TargetKind, a.TargetId);
    }

    private static async Task<List<AssignmentRow>> Expand(IdentityDb db, List<AssignmentRow> rows)
    {
        var members = (await db.Memberships.ToListAsync()).ToLookup(m => m.GroupId, m => m.UserId);
        var implications = await Effective.Implications(db);
        var global = (await db.Roles.Where(r => r.DomainId == "").Select(r => r.Id).ToListAsync()).ToHashSet();
        var projects = rows.Any(a => a.Inherited) ? await db.Projects.Where(p => !p.IsDomain).ToListAsync() : [];
        var children = projects.Where(p => p.ParentId is not null).ToLookup(p => p.ParentId!, p => p.Id);
        var found = new Dictionary<(string, string, string, string), AssignmentRow>();
        foreach (var row in rows)
            foreach (var user in row.ActorKind == "user" ? [row.ActorId] : members[row.ActorId])
                foreach (var (kind, id) in row.Inherited ? Below(row, projects, children) : [(row.TargetKind, row.TargetId)])
                    foreach (var role in Closure.Of([row.RoleId], implications).Where(global.Contains))
                        found[(user, kind, id, role)] = new AssignmentRow { ActorKind = "user", ActorId = user, TargetKind = kind, TargetId = id, RoleId = role };
        return [.. found.Values];
    }

    private static IEnumerable<(string, string)> Below(AssignmentRow row, List<ProjectRow> projects, ILookup<string, string> children) => row.TargetKind == "domain"
        ? projects.Where(p => p.DomainId == row.TargetId).Select(p => ("project", p.Id))
        : Closure.Of(children[row.TargetId], children).Select(id => ("project", id));

    private static async Task<List<AssignmentRow>> Within(IdentityDb db, List<AssignmentRow> rows, string domainId)
    {
        var projects = (await db.Projects.Where(p => p.DomainId == domainId).Select(p => p.Id).ToListAsync()).ToHashSet();
        return [.. rows.Where(a => a.TargetKind != "system" && projects.Contains(a.TargetId))];
    }

    private static JsonObject Wire(Call call, AssignmentRow a, AssignmentNames? names)
    {
        JsonObject Named(string id, bool withDomain = true) => names?.Of(id, withDomain) ?? new JsonObject { ["id"] = id };
        var scope = a.TargetKind == "system" ? new JsonObject { ["system"] = new JsonObject { ["all"] = true } } : new JsonObject { [a.TargetKind] = Named(a.TargetId, a.TargetKind == "project") };
        if (a.Inherited) scope["OS-INHERIT:inherited_to"] = "projects";
        var tail = a.TargetKind == "system" ? $"/system/{a.ActorKind}s/{a.ActorId}/roles/{a.RoleId}" : $"/{a.TargetKind}s/{a.TargetId}/{a.ActorKind}s/{a.ActorId}/roles/{a.RoleId}";
        return new JsonObject
        {
            ["role"] = Named(a.RoleId, false), [a.ActorKind] = Named(a.ActorId), ["scope"] = scope,
            ["links"] = new JsonObject { ["assignment"] = call.Link("/identity/v3" + (a.Inherited ? "/OS-INHERIT" + tail + "/inherited_to_projects" : tail)) },
        };
    }
}
