using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Types;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Groups;

/// <summary>What a new group is made of.</summary>
internal sealed record NewGroup(string? Name, string? Description, GroupTypeRow Type, IReadOnlyList<string> TypeIds, string? Zone, string? SourceGroupId = null, string? GroupSnapshotId = null);

/// <summary>Makes, finds and removes groups of volumes and their snapshots.</summary>
internal sealed class GroupStore(SnapshotStore snapshots, VolumeMaker maker)
{
    public static IQueryable<GroupRow> Visible(Query q, Actor actor)
    {
        var project = actor.ProjectId ?? "";
        return q.Db<VolumeDb>().Groups.Where(g => actor.IsAdmin || g.ProjectId == project);
    }

    public static async Task<GroupRow> Get(Query q, Actor actor, string id)
    {
        var key = Id.Canonical(id) ?? id;
        return await Visible(q, actor).SingleOrDefaultAsync(g => g.Id == key) ?? throw CloudError.NotFound($"Group {id} could not be found.");
    }

    public static async Task<GroupSnapshotRow> GetSnapshot(Query q, Actor actor, string id)
    {
        var (key, project) = (Id.Canonical(id) ?? id, actor.ProjectId ?? "");
        return await q.Db<VolumeDb>().GroupSnapshots.SingleOrDefaultAsync(g => g.Id == key && (actor.IsAdmin || g.ProjectId == project)) ?? throw CloudError.NotFound($"GroupSnapshot {id} could not be found.");
    }

    public static async Task<IReadOnlyList<FullVolume>> Members(Query q, string groupId) => [.. (await Members(q, [groupId]))[groupId]];

    /// <summary>The volumes of each of these groups.</summary>
    public static async Task<ILookup<string, FullVolume>> Members(Query q, IReadOnlyCollection<string> groupIds) =>
        (await VolumeStore.Full(q, await q.Db<VolumeDb>().Volumes.Where(v => v.GroupId != null && groupIds.Contains(v.GroupId) && v.SnapshotOf == null).OrderBy(v => v.Id).ToListAsync())).ToLookup(v => v.Row.GroupId!);

    public static async Task<IReadOnlyList<FullVolume>> Parts(Query q, string groupSnapshotId) => [.. (await Parts(q, [groupSnapshotId]))[groupSnapshotId]];

    /// <summary>The snapshots that each of these group snapshots is made of.</summary>
    public static async Task<ILookup<string, FullVolume>> Parts(Query q, IReadOnlyCollection<string> ids) =>
        (await VolumeStore.Full(q, await q.Db<VolumeDb>().Volumes.Where(v => v.GroupSnapshotId != null && ids.Contains(v.GroupSnapshotId) && v.SnapshotOf != null).OrderBy(v => v.Id).ToListAsync())).ToLookup(v => v.Row.GroupSnapshotId!);

    public static async Task<GroupRow> Make(Tx tx, Actor actor, string project, NewGroup wish)
    {
        await tx.Lock("quota:" + project);
        await Quotas.Check(tx, project, "volume.groups", await tx.Db<VolumeDb>().Groups.CountAsync(g => g.ProjectId == project), 1, VolumeQuotas.Defaults["groups"]);
        var row = new GroupRow
        {
            Id = Id.New(), ProjectId = project, UserId = actor.UserId, Name = wish.Name, Description = wish.Description, TypeId = wish.Type.Id, Zone = wish.Zone,
            SourceGroupId = wish.SourceGroupId, GroupSnapshotId = wish.GroupSnapshotId, CreatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        tx.Db<VolumeDb>().AddRange(wish.TypeIds.Select(t => new GroupVolumeTypeRow { GroupId = row.Id, TypeId = t }));
        await tx.Save();
        tx.Audit("volume_group.create", "volume_group", row.Id, project, new { wish.Name });
        return row;
    }

    /// <summary>A new group with a copy of each volume or snapshot.</summary>
    public async Task<GroupRow> MakeOf(Tx tx, Actor actor, string project, string? name, string? description, string? groupSnapshotId, string? sourceGroupId)
    {
        var shot = groupSnapshotId is null ? null : await GetSnapshot(tx, actor, groupSnapshotId);
        var source = await Get(tx, actor, shot?.GroupId ?? sourceGroupId!);
        var types = await tx.Db<VolumeDb>().GroupVolumeTypes.Where(t => t.GroupId == source.Id).Select(t => t.TypeId).ToListAsync();
        var parts = shot is null ? await Members(tx, source.Id) : await Parts(tx, shot.Id);
        if (parts.Count == 0) throw CloudError.Invalid($"Invalid Group: {(shot is null ? "group " + source.Id : "group snapshot " + shot.Id)} has no volumes to make a group of.");
        var row = await Make(tx, actor, project, new NewGroup(name, description, await GroupTypeApi.Usable(tx, Actor.System, source.TypeId), types, source.Zone, shot is null ? source.Id : null, shot?.Id));
        foreach (var part in parts)
            await maker.Make(tx, actor, new NewVolume
            {
                ProjectId = project, Name = part.Row.Name, Description = part.Row.Description, Size = part.Row.SizeGib, Type = part.Row.TypeId, GroupId = row.Id,
                SnapshotId = shot is null ? null : part.Row.Id, SourceId = shot is null ? part.Row.Id : null, Metadata = part.Metadata,
            });
        return row;
    }

    public async Task<GroupSnapshotRow> Snapshot(Tx tx, Actor actor, GroupRow group, string? name, string? description)
    {
        var members = await Members(tx, group.Id);
        if (members.Count == 0) throw CloudError.Invalid($"Invalid Group: Group {group.Id} has no volumes to take a snapshot of.");
        var row = new GroupSnapshotRow
        {
            Id = Id.New(), GroupId = group.Id, GroupTypeId = group.TypeId, ProjectId = group.ProjectId, UserId = actor.UserId, Name = name, Description = description, CreatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        foreach (var volume in members) await snapshots.Make(tx, actor, volume, name, description, new Dictionary<string, string>(), force: true, groupSnapshotId: row.Id);
        tx.Audit("volume_group_snapshot.create", "volume_group_snapshot", row.Id, row.ProjectId, new { name, group = group.Id, volumes = members.Count });
        return row;
    }

    /// <summary>Checks that a volume may join: its own project and host of any, one of the group's types, no group yet.</summary>
    public static async Task MustFit(Query q, GroupRow group, string projectId, string typeId)
    {
        if (group.Gone) throw CloudError.Invalid($"Invalid Group: Group {group.Id} is being deleted.");
        if (group.ProjectId != projectId) throw CloudError.NotFound($"Group {group.Id} could not be found.");
        if (!await q.Db<VolumeDb>().GroupVolumeTypes.AnyAsync(t => t.GroupId == group.Id && t.TypeId == typeId))
            throw CloudError.Invalid($"Invalid volume type: group {group.Id} does not take volumes of type {(await q.Db<VolumeDb>().Types.SingleOrDefaultAsync(t => t.Id == typeId))?.Name ?? typeId}.");
    }

    public static async Task Forget(Tx tx, string groupId)
    {
        await tx.Db<VolumeDb>().GroupVolumeTypes.Where(t => t.GroupId == groupId).ExecuteDeleteAsync();
        await tx.Db<VolumeDb>().Groups.Where(g => g.Id == groupId).ExecuteDeleteAsync();
    }

    /// <summary>A volume or snapshot has gone: a group or group snapshot that only waited for it goes, too.</summary>
    public static async Task MemberGone(Tx tx, VolumeRow row)
    {
        var db = tx.Db<VolumeDb>();
        if (row.GroupId is { } group && !await db.Volumes.AnyAsync(v => v.GroupId == group) && await db.Groups.AnyAsync(g => g.Id == group && g.Gone)) await Forget(tx, group);
        if (row.GroupSnapshotId is { } shot && !await db.Volumes.AnyAsync(v => v.GroupSnapshotId == shot)) await db.GroupSnapshots.Where(g => g.Id == shot && g.Gone).ExecuteDeleteAsync();
    }

    /// <summary>The types named, each usable by the caller.</summary>
    public static async Task<List<string>> Types(Query q, Actor actor, IEnumerable<string> names)
    {
        var ids = new List<string>();
        foreach (var name in names) ids.Add((await TypeStore.Usable(q, actor, name)).Id);
        return [.. ids.Distinct()];
    }
}
