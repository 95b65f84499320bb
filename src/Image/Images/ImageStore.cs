using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Image.Images;

/// <summary>An image with everything that hangs on it.</summary>
internal sealed record FullImage(ImageRow Row, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Properties);

internal static class ImageStore
{
    /// <summary>What the caller may see by its id: own, public, community, and shared with the caller's project.</summary>
    public static IQueryable<ImageRow> Visible(this ImageDb db, Actor actor)
    {
        var rows = db.Images.Where(i => i.RecycledAt == null);
        if (actor.IsAdmin) return rows;
        var project = actor.ProjectId ?? "";
        return rows.Where(i => i.OwnerId == project || i.Visibility == "public" || i.Visibility == "community"
            || (i.Visibility == "shared" && db.Members.Any(m => m.ImageId == i.Id && m.MemberId == project)));
    }

    public static async Task<ImageRow> Get(Query q, Actor actor, string id)
    {
        var key = Id.Canonical(id) ?? id;
        return await q.Db<ImageDb>().Visible(actor).SingleOrDefaultAsync(i => i.Id == key)
            ?? throw CloudError.NotFound($"Failed to find image {id}.");
    }

    /// <summary>The image, when the caller may change it: 404 when it cannot be seen, 403 when it is another project's.</summary>
    public static async Task<ImageRow> GetOwn(Query q, Actor actor, string id)
    {
        var row = await Get(q, actor, id);
        if (!actor.IsAdmin && row.OwnerId != actor.ProjectId) throw CloudError.Forbidden($"You are not permitted to modify image {row.Id}: it belongs to another project.");
        return row;
    }

    public static async Task<FullImage> Full(Query q, ImageRow row) => (await Full(q, [row]))[0];

    public static async Task<IReadOnlyList<FullImage>> Full(Query q, IReadOnlyList<ImageRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var db = q.Db<ImageDb>();
        var tags = (await db.Tags.Where(t => ids.Contains(t.ImageId)).ToListAsync()).ToLookup(t => t.ImageId, t => t.Tag);
        var properties = (await db.Properties.Where(p => ids.Contains(p.ImageId)).ToListAsync()).ToLookup(p => p.ImageId);
        return [.. rows.Select(r => new FullImage(r, [.. tags[r.Id].Order(StringComparer.Ordinal)], properties[r.Id].ToDictionary(p => p.Name, p => p.Value)))];
    }

    public static void AddTags(Tx tx, string id, IEnumerable<string> tags) =>
        tx.Db<ImageDb>().AddRange(tags.Select(t => new TagRow { ImageId = id, Tag = t }));

    public static void AddProperties(Tx tx, string id, IReadOnlyDictionary<string, string> properties) =>
        tx.Db<ImageDb>().AddRange(properties.Select(p => new PropertyRow { ImageId = id, Name = p.Key, Value = p.Value }));

    /// <summary>The deletion for good; the file goes after the commit.</summary>
    public static async Task Purge(Tx tx, ImageRow row)
    {
        await Remove(tx, row.Id);
        tx.Wake(ImageReconciler.Work, row.Id);
        tx.Audit("image.delete", "image", row.Id, row.OwnerId, new { row.Name });
    }

    private static async Task Remove(Tx tx, string id)
    {
        var db = tx.Db<ImageDb>();
        await db.Tags.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        await db.Properties.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        await db.Members.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        await db.Tasks.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        await db.Images.Where(r => r.Id == id).ExecuteDeleteAsync();
    }
}
