using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>Finds namespaces and their entries, and makes and changes entries.</summary>
internal static class MetadefStore
{
    public static IQueryable<NamespaceRow> Visible(ImageDb db, Actor actor)
    {
        var project = actor.ProjectId ?? "";
        return actor.IsAdmin ? db.Namespaces : db.Namespaces.Where(n => n.Visibility == "public" || n.OwnerId == project);
    }

    public static async Task<NamespaceRow> Get(Query q, Call call)
    {
        var id = call["ns"];
        return await MetadefStore.Visible(q.Db<ImageDb>(), call.Actor).SingleOrDefaultAsync(n => n.Id == id)
            ?? throw CloudError.NotFound($"Metadata definition namespace {id} not found.");
    }

    public static async Task<List<EntryRow>> Entries(Query q, string ns, string? kind = null) =>
        await q.Db<ImageDb>().Entries.Where(e => e.NamespaceId == ns && (kind == null || e.Kind == kind)).OrderBy(e => e.Name).ToListAsync();

    public static async Task<EntryRow> Entry(Query q, string ns, string kind, string name) =>
        await q.Db<ImageDb>().Entries.SingleOrDefaultAsync(e => e.NamespaceId == ns && e.Kind == kind && e.Name == name)
            ?? throw CloudError.NotFound($"The {kind.Replace('_', ' ')} {name} was not found in namespace {ns}.");

    public static async Task<EntryRow> Add(Tx tx, string ns, string kind, string name, JsonObject body, long? created = null)
    {
        if (await tx.Db<ImageDb>().Entries.AnyAsync(e => e.NamespaceId == ns && e.Kind == kind && e.Name == name))
            throw CloudError.Conflict($"The {kind.Replace('_', ' ')} {name} already exists in namespace {ns}.");
        var row = new EntryRow { NamespaceId = ns, Kind = kind, Name = name, Body = body.ToJsonString(), CreatedAt = created ?? tx.Now, UpdatedAt = tx.Now };
        tx.Db<ImageDb>().Add(row);
        await tx.Save();
        return row;
    }

    /// <summary>An entry's new words; its name may change with them.</summary>
    public static async Task<EntryRow> Replace(Tx tx, EntryRow old, string name, JsonObject body)
    {
        await Remove(tx, old);
        return await Add(tx, old.NamespaceId, old.Kind, name, body, old.CreatedAt);
    }

    public static Task Remove(Tx tx, EntryRow row) =>
        tx.Db<ImageDb>().Entries.Where(e => e.NamespaceId == row.NamespaceId && e.Kind == row.Kind && e.Name == row.Name).ExecuteDeleteAsync();
}
