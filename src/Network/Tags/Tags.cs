using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;

namespace Xiangyun.Network.Tags;

/// <summary>Free words on any resource of the network, to find it again by.</summary>
internal static class Tags
{
    private const int Most = 50;

    public static string Checked(string tag) => tag.Length is > 0 and <= 255 ? tag : throw CloudError.Invalid("Invalid input for tags. Reason: a tag has 1 to 255 characters.", "HTTPBadRequest");

    public static Task<List<string>> Of(Query q, string id) => q.Db<NetworkDb>().Tags.Where(t => t.ResourceId == id).OrderBy(t => t.Tag).Select(t => t.Tag).ToListAsync();

    /// <summary>Writes the tags into what clients see.</summary>
    public static async Task Show(Query q, IReadOnlyList<ResourceRow> rows, IReadOnlyList<JsonObject> shown)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var tags = (await q.Db<NetworkDb>().Tags.Where(t => ids.Contains(t.ResourceId)).OrderBy(t => t.Tag).ToListAsync()).ToLookup(t => t.ResourceId, t => t.Tag);
        for (var i = 0; i < rows.Count; i++) shown[i]["tags"] = Shown.Array(tags[rows[i].Id]);
    }

    public static async Task Replace(Tx tx, string id, IEnumerable<string> tags)
    {
        var wanted = tags.Select(Checked).Distinct().ToList();
        if (wanted.Count > Most) throw CloudError.Invalid($"Invalid input for tags. Reason: {wanted.Count} tags are more than {Most}.", "HTTPBadRequest");
        await Clear(tx, id);
        tx.Db<NetworkDb>().AddRange(wanted.Select(t => new TagRow { ResourceId = id, Tag = t }));
        await tx.Save();
    }

    public static Task Clear(Tx tx, string id) => tx.Db<NetworkDb>().Tags.Where(t => t.ResourceId == id).ExecuteDeleteAsync();

    /// <summary>The four filters of lists: each value is a list with commas.</summary>
    public static void Filters<T>(Attributes<T> attributes) where T : ResourceRow => attributes
        .Special("tags", (q, rows, values) => Words(values).Aggregate(rows, (found, tag) => found.Where(r => q.Db<NetworkDb>().Tags.Any(t => t.ResourceId == r.Id && t.Tag == tag))))
        .Special("tags-any", (q, rows, values) => Any(q, rows, Words(values)))
        .Special("not-tags-any", (q, rows, values) => Words(values).Aggregate(rows, (found, tag) => found.Where(r => !q.Db<NetworkDb>().Tags.Any(t => t.ResourceId == r.Id && t.Tag == tag))))
        .Special("not-tags", (q, rows, values) => NotAll(q, rows, Words(values)));

    private static IQueryable<T> Any<T>(Query q, IQueryable<T> rows, List<string> tags) where T : ResourceRow => rows.Where(r => q.Db<NetworkDb>().Tags.Any(t => t.ResourceId == r.Id && tags.Contains(t.Tag)));

    private static IQueryable<T> NotAll<T>(Query q, IQueryable<T> rows, List<string> tags) where T : ResourceRow => rows.Where(r => q.Db<NetworkDb>().Tags.Count(t => t.ResourceId == r.Id && tags.Contains(t.Tag)) < tags.Count);

    private static List<string> Words(IReadOnlyList<string> values) => [.. values.SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct()];
}
