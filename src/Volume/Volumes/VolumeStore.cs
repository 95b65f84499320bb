using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Attachments;

namespace Xiangyun.Volume.Volumes;

/// <summary>A volume with everything that its status and its JSON are made of.</summary>
internal sealed record FullVolume(VolumeRow Row, IReadOnlyList<AttachmentRow> Attachments, IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, string> ImageMetadata, string TypeName, bool Uploading)
{
    public string Status(long now) => VolumeState.Of(Row, Attachments, Uploading, now);
}

internal static class VolumeStore
{
    public static IQueryable<VolumeRow> Visible(this VolumeDb db, Actor actor)
    {
        var rows = db.Volumes.Where(v => v.SnapshotOf == null && v.RecycledAt == null);
        var project = actor.ProjectId ?? "";
        return actor.IsAdmin ? rows : rows.Where(v => v.ProjectId == project);
    }

    public static async Task<FullVolume?> Find(Query q, Actor actor, string id)
    {
        var key = Id.Canonical(id) ?? id;
        var row = await q.Db<VolumeDb>().Visible(actor).SingleOrDefaultAsync(v => v.Id == key);
        return row is null ? null : (await Full(q, [row]))[0];
    }

    public static async Task<FullVolume> Get(Query q, Actor actor, string id) =>
        await Find(q, actor, id) ?? throw CloudError.NotFound($"Volume {id} could not be found.");

    public static async Task<IReadOnlyList<FullVolume>> Full(Query q, IReadOnlyList<VolumeRow> rows)
    {
        if (rows.Count == 0) return [];
        var db = q.Db<VolumeDb>();
        var ids = rows.Select(r => r.Id).ToList();
        var attachments = (await db.Attachments.Where(a => ids.Contains(a.VolumeId)).ToListAsync()).ToLookup(a => a.VolumeId);
        var pairs = (await db.Metadata.Where(m => ids.Contains(m.VolumeId)).ToListAsync()).ToLookup(m => (m.VolumeId, m.Kind));
        var uploading = (await db.Uploads.Where(u => ids.Contains(u.VolumeId)).Select(u => u.VolumeId).ToListAsync()).ToHashSet();
        var typeIds = rows.Select(r => r.TypeId).Distinct().ToList();
        var types = await db.Types.Where(t => typeIds.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.Name);
        return [.. rows.Select(r => new FullVolume(r, [.. attachments[r.Id]], Pairs(pairs[(r.Id, MetadataRow.User)]), Pairs(pairs[(r.Id, MetadataRow.Image)]),
            types.GetValueOrDefault(r.TypeId, ""), uploading.Contains(r.Id)))];
    }

    private static Dictionary<string, string> Pairs(IEnumerable<MetadataRow> rows) => rows.ToDictionary(m => m.Name, m => m.Value);

    public static void AddPairs(Tx tx, string id, string kind, IEnumerable<KeyValuePair<string, string>> pairs) =>
        tx.Db<VolumeDb>().AddRange(pairs.Select(p => new MetadataRow { VolumeId = id, Kind = kind, Name = p.Key, Value = p.Value }));

    public static async Task Rename(Tx tx, VolumeRow row, VolumeBody.Change change)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.Name, change.HasName ? change.Name : row.Name)
            .SetProperty(v => v.Description, change.HasDescription ? change.Description : row.Description).SetProperty(v => v.UpdatedAt, tx.Now));
        if (change.Metadata is { } pairs) await MetadataApi.Replace(tx, row.Id, MetadataRow.User, pairs);
    }

    /// <summary>The host is to remove it; the row goes when the host says that nothing is left.</summary>
    public static async Task Doom(Tx tx, VolumeRow row)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id && !v.Gone).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.Gone, true).SetProperty(v => v.Generation, v => v.Generation + 1).SetProperty(v => v.UpdatedAt, tx.Now));
        await tx.Db<VolumeDb>().Uploads.Where(u => u.VolumeId == row.Id).ExecuteDeleteAsync();
        await Operations.VolumeActionRow.Drop(tx, row.Id);
        tx.Wake(FleetWork.Host, row.HostId);
        tx.Wake(Hosting.VolumeReconciler.Work, row.Id);
        tx.Changed(Public.IVolumes.VolumeChanged, row.Id);
    }

    /// <summary>Nothing is left on any host: forget it.</summary>
    public static async Task Remove(Tx tx, IAllocations allocations, VolumeRow row)
    {
        var db = tx.Db<VolumeDb>();
        await db.Metadata.Where(r => r.VolumeId == row.Id).ExecuteDeleteAsync();
        await db.Transfers.Where(r => r.VolumeId == row.Id).ExecuteDeleteAsync();
        await db.Attachments.Where(r => r.VolumeId == row.Id).ExecuteDeleteAsync();
        await db.Volumes.Where(r => r.Id == row.Id).ExecuteDeleteAsync();
        await Groups.GroupStore.MemberGone(tx, row);
        await allocations.Release(tx, row.Id);
        tx.Wake(FleetWork.Host, row.HostId);
        tx.Changed(Public.IVolumes.VolumeChanged, row.Id);
    }
}
