using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Members;
using Xiangyun.Wire;

namespace Xiangyun.Hosting.Sites;

/// <summary>Looks members up in the modules that keep them. What was deleted, or given to another project, is no member any more.</summary>
internal sealed class SiteMembers(IEnumerable<IMembers> all)
{
    private const int Most = 200;
    private readonly SortedDictionary<string, IMembers> _kinds = new(all.ToDictionary(m => m.Kind), StringComparer.Ordinal);

    public async Task<ILookup<string, Member>> Of(Query q, IReadOnlyCollection<SiteRow> sites, IReadOnlyCollection<SiteMemberRow> rows)
    {
        var owners = sites.ToDictionary(s => s.Id, s => s.ProjectId);
        var found = new Dictionary<(string, string), Member>();
        foreach (var kind in rows.GroupBy(r => r.Kind))
            foreach (var member in await Find(q, kind.Key, [.. kind.Select(r => r.ObjectId).Distinct()])) found[(kind.Key, member.Id)] = member;
        return rows.Where(r => found.TryGetValue((r.Kind, r.ObjectId), out var member) && member.ProjectId == owners[r.SiteId])
            .OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.ObjectId, StringComparer.Ordinal).ToLookup(r => r.SiteId, r => found[(r.Kind, r.ObjectId)]);
    }

    /// <summary>The list of a request: each must be there and belong to the site's project, or it is not found.</summary>
    public async Task<IReadOnlyList<SiteMemberRow>?> Wanted(Query q, string siteId, string projectId, Fields fields)
    {
        if (fields.ObjectsOr("members") is not { } wanted) return null;
        if (wanted.Count > Most) throw CloudError.Invalid($"A site has at most {Most} members, not {wanted.Count}.");
        var rows = new List<SiteMemberRow>();
        foreach (var member in wanted)
        {
            rows.Add(new SiteMemberRow { SiteId = siteId, Kind = member.OneOf("kind", [.. _kinds.Keys]) ?? throw CloudError.Invalid($"{member.At("kind")} is missing; there are {string.Join(", ", _kinds.Keys)}."), ObjectId = member.Text("id", 1, 64) });
            member.Done();
        }
        rows = [.. rows.DistinctBy(r => (r.Kind, r.ObjectId))];
        foreach (var kind in rows.GroupBy(r => r.Kind))
        {
            var there = (await Find(q, kind.Key, [.. kind.Select(r => r.ObjectId)])).Where(m => m.ProjectId == projectId).Select(m => m.Id).ToHashSet();
            if (kind.FirstOrDefault(r => !there.Contains(r.ObjectId)) is { } missing) throw CloudError.Invalid($"There is no {kind.Key} {missing.ObjectId} in this project; the members of a site belong to its own project.");
        }
        return rows;
    }

    private Task<IReadOnlyList<Member>> Find(Query q, string kind, IReadOnlyCollection<string> ids) =>
        _kinds.TryGetValue(kind, out var members) ? members.Of(q, ids) : Task.FromResult<IReadOnlyList<Member>>([]);
}
