using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

/// <summary>GET /v3/role_assignments with its dotted filters; <c>effective</c> spells out groups, inheritance and implied roles.</summary>
internal static class AssignmentList
{
    public static async Task<List<JsonNode>> Read(IdentityDb db, Call call)
    {
        var rows = await db.Assignments.ToListAsync();
        if (call.QueryFlag("effective")) rows = await Expand(db, rows);
        if (Reach.Only(call.Actor) is { } only) rows = await Within(db, rows, only);
        rows = [.. rows.Where(a => Fits(call, a))];
        var names = call.QueryFlag("include_names") ? await Names.Load(db) : null;
        return [.. rows.Select(a => (JsonNode)Wire(call, a, names))];
    }

    private static bool Fits(Call call, AssignmentRow a)
    {
        bool Is(string name, string kind, string actual, string id) => call.QueryOr(name) is not { } wanted || actual == kind && id == wanted;
        if (call.QueryOr("role.id") is { } role && a.RoleId != role) return false;
        if (call.QueryOr("scope.OS-INHERIT:inherited_to") is not null && !a.Inherited) return false;
        if (call.QueryOr("scope.system") is not null && a.TargetKind != "system") return false;
        return Is("user.id", "user", a.ActorKind, a.ActorId) && Is("group.id", "group", a.ActorKind, a.ActorId)
            && Is("scope.project.id", "project", a.TargetKind, a.TargetId) && Is("scope.domain.id", "domain", a.TargetKind, a.TargetId);
    }

    private static async Task<List<AssignmentRow>> Expand(IdentityDb db, List<AssignmentRow> rows)
    {
        var members = (await db.Memberships.ToListAsync()).ToLookup(m => m.GroupId, m => m.UserId);
        var implications = (await db.Implications.ToListAsync()).ToLookup(i => i.PriorId, i => i.ImpliedId);
        var projects = await db.Projects.Where(p => !p.IsDomain).ToListAsync();
        var children = projects.ToLookup(p => p.ParentId ?? "");
        var found = new Dictionary<(string, string, string, string), AssignmentRow>();
        foreach (var row in rows)
            foreach (var user in row.ActorKind == "user" ? [row.ActorId] : members[row.ActorId])
                foreach (var (kind, id) in row.Inherited ? Below(row, projects, children) : [(row.TargetKind, row.TargetId)])
                    foreach (var role in Closure(row.RoleId, implications))
                        found[(user, kind, id, role)] = new AssignmentRow { ActorKind = "user", ActorId = user, TargetKind = kind, TargetId = id, RoleId = role };
        return [.. found.Values];
    }

    private static IEnumerable<(string, string)> Below(AssignmentRow row, List<ProjectRow> projects, ILookup<string, ProjectRow> children)
    {
        if (row.TargetKind == "domain") return projects.Where(p => p.DomainId == row.TargetId).Select(p => ("project", p.Id));
        var found = new List<(string, string)>();
        var open = new Queue<string>([row.TargetId]);
        while (open.TryDequeue(out var id))
            foreach (var child in children[id]) { found.Add(("project", child.Id)); open.Enqueue(child.Id); }
        return found;
    }

    private static HashSet<string> Closure(string roleId, ILookup<string, string> implications)
    {
        var found = new HashSet<string> { roleId };
        var open = new Queue<string>(found);
        while (open.TryDequeue(out var id)) foreach (var next in implications[id]) if (found.Add(next)) open.Enqueue(next);
        return found;
    }

    private static async Task<List<AssignmentRow>> Within(IdentityDb db, List<AssignmentRow> rows, string domainId)
    {
        var projects = (await db.Projects.Where(p => p.DomainId == domainId).Select(p => p.Id).ToListAsync()).ToHashSet();
        return [.. rows.Where(a => a.TargetKind != "system" && projects.Contains(a.TargetId))];
    }

    private sealed record Names(Dictionary<string, (string Name, string Domain)> All)
    {
        public static async Task<Names> Load(IdentityDb db)
        {
            var all = new Dictionary<string, (string, string)>();
            foreach (var p in await db.Projects.ToListAsync()) all[p.Id] = (p.Name, p.DomainId);
            foreach (var u in await db.Users.ToListAsync()) all[u.Id] = (u.Name, u.DomainId);
            foreach (var g in await db.Groups.ToListAsync()) all[g.Id] = (g.Name, g.DomainId);
            foreach (var r in await db.Roles.ToListAsync()) all[r.Id] = (r.Name, r.DomainId);
            return new Names(all);
        }

        public JsonObject Of(string id, bool withDomain = true)
        {
            var body = new JsonObject { ["id"] = id };
            if (!All.TryGetValue(id, out var known)) return body;
            body["name"] = known.Name;
            if (withDomain && All.TryGetValue(known.Domain, out var domain)) body["domain"] = new JsonObject { ["id"] = known.Domain, ["name"] = domain.Name };
            return body;
        }
    }

    private static JsonObject Wire(Call call, AssignmentRow a, Names? names)
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
