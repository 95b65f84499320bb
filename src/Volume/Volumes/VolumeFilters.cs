using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

/// <summary>
/// The list: what the database can filter it filters; the status is computed, so a wish for one is answered by reading
/// pages until enough volumes have it.
/// </summary>
internal static partial class VolumeFilters
{
    private const int Chunk = 500;

    private static readonly Dictionary<string, string> SortMembers = new()
    {
        ["created_at"] = nameof(VolumeRow.CreatedAt), ["updated_at"] = nameof(VolumeRow.UpdatedAt), ["id"] = nameof(VolumeRow.Id), ["name"] = nameof(VolumeRow.Name),
        ["display_name"] = nameof(VolumeRow.Name), ["size"] = nameof(VolumeRow.SizeGib), ["availability_zone"] = nameof(VolumeRow.Zone), ["bootable"] = nameof(VolumeRow.Bootable),
    };

    public static async Task<Slice<FullVolume>> Page(Query q, Call call, long now, bool snapshots = false)
    {
        var page = call.Page();
        var db = q.Db<VolumeDb>();
        var rows = Filter(db, call, snapshots);
        var marker = page.Marker is null ? null : await (snapshots ? SnapshotStore.Visible(db, call.Actor) : db.Visible(call.Actor)).SingleOrDefaultAsync(v => v.Id == page.Marker)
            ?? throw CloudError.NotFound($"The marker {page.Marker} is no {(snapshots ? "snapshot" : "volume")}.");
        var sort = Sort(call);
        var offset = call.QueryOr("offset") is { } text ? int.TryParse(text, out var o) && o >= 0 ? o : throw CloudError.Invalid($"Invalid offset '{text}': it must be a whole number of 0 or more.") : 0;
        var status = call.QueryOr("status");
        var found = new List<FullVolume>();
        while (true)
        {
            var slice = await rows.Paged(sort, new Page(status is null ? page.Limit + offset : Chunk, null), marker);
            found.AddRange((await VolumeStore.Full(q, slice.Rows)).Where(v => status is null || v.Status(now) == status));
            var enough = found.Count - offset >= page.Limit && (status is null || found.Count - offset > page.Limit);
            if (!slice.More || enough) return new Slice<FullVolume>([.. found.Skip(offset).Take(page.Limit)], page.Limit > 0 && (slice.More || found.Count - offset > page.Limit));
            marker = slice.Rows[^1];
        }
    }

    /// <summary>How many there are on all pages, where 3.45 or newer asks for it (<c>with_count</c>).</summary>
    public static async Task<int?> Count(Query q, Call call, long now, bool snapshots = false)
    {
        if (!call.AtLeast(45) || !call.QueryFlag("with_count")) return null;
        return call.QueryOr("status") is null ? await Filter(q.Db<VolumeDb>(), call, snapshots).CountAsync() : (await Matching(q, call, now, snapshots)).Count;
    }

    /// <summary>Number, GiB and metadata of all that match.</summary>
    public static async Task<(int Count, long Gib, IReadOnlyList<KeyValuePair<string, string>> Metadata)> Sum(Query q, Call call, long now)
    {
        var found = await Matching(q, call, now, snapshots: false);
        return (found.Count, found.Sum(v => (long)v.Row.SizeGib), [.. found.SelectMany(v => v.Metadata)]);
    }

    private static async Task<List<FullVolume>> Matching(Query q, Call call, long now, bool snapshots)
    {
        var (found, status, marker) = (new List<FullVolume>(), call.QueryOr("status"), (VolumeRow?)null);
        while (true)
        {
            var slice = await Filter(q.Db<VolumeDb>(), call, snapshots).Paged([new SortKey(nameof(VolumeRow.CreatedAt), true)], new Page(Chunk, null), marker);
            found.AddRange((await VolumeStore.Full(q, slice.Rows)).Where(v => status is null || v.Status(now) == status));
            if (!slice.More) return found;
            marker = slice.Rows[^1];
        }
    }

    private static IQueryable<VolumeRow> Filter(VolumeDb db, Call call, bool snapshots)
    {
        var actor = call.Actor;
        var project = actor.ProjectId ?? "";
        var all = actor.IsAdmin && call.QueryFlag("all_tenants");
        var rows = snapshots ? db.Volumes.Where(v => v.SnapshotOf != null && v.ProjectId != "") : db.Volumes.Where(v => v.SnapshotOf == null && v.RecycledAt == null);
        if (!all) rows = rows.Where(v => v.ProjectId == project);
        if (snapshots && call.QueryOr("volume_id") is { } of) rows = rows.Where(v => v.SnapshotOf == of);
        if (all && (call.QueryOr("project_id") ?? call.QueryOr("tenant_id")) is { } wanted) rows = rows.Where(v => v.ProjectId == wanted);
        if (call.QueryOr("user_id") is { } user) rows = rows.Where(v => v.UserId == user);
        if ((call.QueryOr("name") ?? call.QueryOr("display_name")) is { } name) rows = rows.Where(v => v.Name == name);
        if (call.QueryOr("id") is { } id) rows = rows.Where(v => v.Id == id);
        if (call.QueryOr("size") is { } size) rows = int.TryParse(size, out var gib) ? rows.Where(v => v.SizeGib == gib) : throw CloudError.Invalid($"Invalid size '{size}'.");
        if (call.QueryOr("availability_zone") is { } zone) rows = rows.Where(v => v.Zone == zone);
        if (call.QueryOr("bootable") is { } bootable)
        {
            if (bootable.ToLowerInvariant() is not ("true" or "false" or "1" or "0"))
            {
                // From 3.2 on a bad value is refused; before, it was taken as false.
                if (call.AtLeast(2)) throw CloudError.Invalid($"Invalid value '{bootable}' of bootable: it must be true or false.");
            }
            var yes = bootable.ToLowerInvariant() is "true" or "1";
            rows = rows.Where(v => v.Bootable == yes);
        }
        if (call.QueryOr("volume_type") is { } type) rows = rows.Where(v => v.TypeId == type || db.Types.Any(t => t.Id == v.TypeId && t.Name == type));
        if (call.QueryOr("metadata") is { } metadata && (!snapshots || call.AtLeast(22))) rows = Having(db, rows, MetadataRow.User, metadata);
        return Newer(db, call, rows);
    }

    /// <summary>The filters that microversions brought.</summary>
    private static IQueryable<VolumeRow> Newer(VolumeDb db, Call call, IQueryable<VolumeRow> rows)
    {
        if (call.AtLeast(4) && call.QueryOr("glance_metadata") is { } image) rows = Having(db, rows, MetadataRow.Image, image);
        if (call.AtLeast(10) && call.QueryOr("group_id") is { } group) rows = rows.Where(v => v.GroupId == group);
        if (call.AtLeast(34) && (call.QueryOr("name~") ?? call.QueryOr("display_name~")) is { } part) rows = rows.Where(v => v.Name != null && v.Name.Contains(part));
        if (call.AtLeast(34) && call.QueryOr("description~") is { } said) rows = rows.Where(v => v.Description != null && v.Description.Contains(said));
        if (call.AtLeast(60) && call.QueryOr("created_at") is { } created) rows = Span.Of("created_at", created).Aggregate(rows, (r, s) => s.On(r, updated: false));
        if (call.AtLeast(60) && call.QueryOr("updated_at") is { } updated) rows = Span.Of("updated_at", updated).Aggregate(rows, (r, s) => s.On(r, updated: true));
        if (call.AtLeast(65) && call.QueryOr("consumes_quota") is not null && !call.QueryFlag("consumes_quota")) rows = rows.Where(v => false); // everything that a project sees counts
        return rows;
    }

    private static IQueryable<VolumeRow> Having(VolumeDb db, IQueryable<VolumeRow> rows, string kind, string dictionary)
    {
        foreach (var (key, value) in Pairs(dictionary)) rows = rows.Where(v => db.Metadata.Any(m => m.VolumeId == v.Id && m.Kind == kind && m.Name == key && m.Value == value));
        return rows;
    }

    public static IEnumerable<(string Key, string Value)> Pairs(string dictionary) => Pair().Matches(dictionary).Select(p => (p.Groups[1].Value, p.Groups[2].Value));

    private static List<SortKey> Sort(Call call)
    {
        if (call.QueryOr("sort") is { } sort) return [.. sort.Split(',').Select(p => p.Split(':')).Select(p => Key(p[0].Trim(), p.Length > 1 ? p[1].Trim() : "desc"))];
        return [Key(call.QueryOr("sort_key") ?? "created_at", call.QueryOr("sort_dir") ?? "desc")];
    }

    private static SortKey Key(string key, string direction) => direction is not ("asc" or "desc") ? throw CloudError.Invalid($"Unknown sort direction '{direction}', must be 'asc' or 'desc'.")
        : new SortKey(SortMembers.GetValueOrDefault(key) ?? throw CloudError.Invalid($"Unknown sort key '{key}'. Possible are: {string.Join(", ", SortMembers.Keys)}."), direction == "desc");

    /// <summary>Clients write the metadata filter as a Python dictionary: <c>{'key': 'value'}</c>; JSON passes too.</summary>
    [GeneratedRegex("""u?['"]([^'"]*)['"]\s*:\s*u?['"]([^'"]*)['"]""")]
    private static partial Regex Pair();
}
