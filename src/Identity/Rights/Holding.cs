using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;

namespace Xiangyun.Identity.Rights;

/// <summary>One role that somebody has at one place, and the way it came.</summary>
/// <param name="Role">The role that counts, an implied one too.</param>
/// <param name="Granted">The role that was granted; it implies the other.</param>
/// <param name="From">Where it was granted, when it was inherited from there.</param>
internal sealed record Holding(string Role, string TargetKind, string TargetId, string Granted, string? GroupId, (string Kind, string Id)? From, long? ExpiresAt)
{
    /// <summary>Set: a role that the bureau made itself, and what it lets pass.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>
    /// Everything that a user has at the places where something was granted, and at one more place if that is asked about. The same
    /// rows, groups, inheritance and implications that <see cref="Effective"/> makes tokens of.
    /// </summary>
    public static async Task<IReadOnlyList<Holding>> Of(IdentityDb db, string userId, string? projectId = null)
    {
        var held = await Effective.Held(db, userId);
        var implications = await Effective.Implications(db);
        var names = await db.Roles.ToDictionaryAsync(r => r.Id);
        var places = held.Where(a => !a.Inherited).Select(a => (a.TargetKind, a.TargetId)).ToHashSet();
        foreach (var project in await (await Effective.Projects(db, userId)).Select(p => p.Id).ToListAsync()) places.Add(("project", project));
        if (projectId is not null) places.Add(("project", projectId));
        var found = new List<Holding>();
        foreach (var (kind, id) in places)
        {
            var above = kind == "project" ? await Effective.Ancestors(db, id) : [];
            foreach (var a in held.Where(a => !a.Inherited && a.TargetKind == kind && a.TargetId == id || a.Inherited && above.Contains((a.TargetKind, a.TargetId))))
                foreach (var role in Closure.Of([a.RoleId], implications).Where(names.ContainsKey).Select(r => names[r]).Where(r => r.DomainId.Length == 0 || r.Rules is not null))
                    found.Add(new Holding(role.Name, kind, id, names[a.RoleId].Name, a.ActorKind == "group" ? a.ActorId : null, a.Inherited ? (a.TargetKind, a.TargetId) : null, a.ExpiresAt) { Rules = role.Rules is { } text ? Keystone.Texts(text) : null });
        }
        return [.. found.OrderBy(h => h.TargetKind, StringComparer.Ordinal).ThenBy(h => h.TargetId, StringComparer.Ordinal).ThenBy(h => h.Role, StringComparer.Ordinal)];
    }
}
