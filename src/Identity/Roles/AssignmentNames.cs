using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Identity.Roles;

/// <summary>The names of everything that some assignments mention, for <c>include_names</c>.</summary>
internal sealed class AssignmentNames
{
    private readonly Dictionary<string, (string Name, string Domain)> _all = [];

    public static async Task<AssignmentNames> Load(IdentityDb db, List<AssignmentRow> rows)
    {
        var names = new AssignmentNames();
        var actors = rows.Select(a => a.ActorId).Distinct().ToList();
        var targets = rows.Select(a => a.TargetId).Distinct().ToList();
        foreach (var u in await db.Users.Where(u => actors.Contains(u.Id)).ToListAsync()) names._all[u.Id] = (u.Name, u.DomainId);
        foreach (var g in await db.Groups.Where(g => actors.Contains(g.Id)).ToListAsync()) names._all[g.Id] = (g.Name, g.DomainId);
        foreach (var r in await db.Roles.ToListAsync()) names._all[r.Id] = (r.Name, r.DomainId);
        foreach (var p in await db.Projects.Where(p => p.IsDomain || targets.Contains(p.Id)).ToListAsync()) names._all[p.Id] = (p.Name, p.DomainId);
        return names;
    }

    public JsonObject Of(string id, bool withDomain)
    {
        var body = new JsonObject { ["id"] = id };
        if (!_all.TryGetValue(id, out var known)) return body;
        body["name"] = known.Name;
        if (withDomain && _all.TryGetValue(known.Domain, out var domain)) body["domain"] = new JsonObject { ["id"] = known.Domain, ["name"] = domain.Name };
        return body;
    }
}
