using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;

namespace Xiangyun.Network.SecurityGroups;

/// <summary>Finds groups and makes the default one that every project has from the first time that somebody looks.</summary>
internal static class Groups
{
    public const string DefaultName = "default";

    public static IQueryable<GroupRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().Groups.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(g => g.ProjectId == actor.ProjectId || shared.Contains(g.Id));
    }

    /// <summary>The id follows from the project, so two first looks at once make one group.</summary>
    public static string DefaultId(string projectId) => Id.From("security-group:default:" + projectId);

    public static async Task<string> Default(Tx tx, string projectId)
    {
        var id = DefaultId(projectId);
        await tx.Lock("network:" + id);
        if (await tx.Db<NetworkDb>().Groups.AnyAsync(g => g.Id == id)) return id;
        await tx.Insert(new GroupRow { Id = id, ProjectId = projectId, Name = DefaultName, Description = "Default security group", IsDefault = true });
        await OpenEgress(tx, projectId, id);
        foreach (var type in RuleRules.Ethertypes)
            await tx.Insert(RuleRules.Plain(projectId, id, "ingress", type, id));
        tx.Audit("security_group.create", "security_group", id, projectId, new { Name = DefaultName });
        tx.Wake(NetworkWork.Group, id);
        return id;
    }

    /// <summary>Every group starts with everything allowed outwards.</summary>
    public static async Task OpenEgress(Tx tx, string projectId, string groupId)
    {
        foreach (var type in RuleRules.Ethertypes) await tx.Insert(RuleRules.Plain(projectId, groupId, "egress", type, null));
    }

    public static async Task<IReadOnlyList<string>> Find(Query q, Actor actor, IReadOnlyList<string> ids)
    {
        var found = (await Visible(q, actor).Where(g => ids.Contains(g.Id)).Select(g => g.Id).ToListAsync()).ToHashSet();
        return [.. ids.Select(id => found.Contains(id) ? id : throw NotFound.Group(id)).Distinct()];
    }

    /// <summary>Compute names groups by name or id, in the caller's project.</summary>
    public static async Task<IReadOnlyList<string>> FindByNameOrId(Tx tx, Actor actor, IReadOnlyList<string> wanted)
    {
        if (wanted.Contains(DefaultName)) await Default(tx, actor.ProjectId!);
        var own = await tx.Db<NetworkDb>().Groups.Where(g => g.ProjectId == actor.ProjectId && (wanted.Contains(g.Id) || wanted.Contains(g.Name))).ToListAsync();
        return [.. wanted.Select(text => own.Where(g => g.Id == text || g.Name == text).ToList() switch
        {
            [var one] => one.Id,
            [] => throw NotFound.Group(text),
            var many => many.FirstOrDefault(g => g.Id == text)?.Id ?? throw CloudError.Conflict($"Multiple security groups matching '{text}' found. Use an ID to be more specific.", "NoUniqueMatch"),
        }).Distinct()];
    }
}
