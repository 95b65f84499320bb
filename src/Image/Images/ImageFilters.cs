using System.Globalization;
using Xiangyun.Kernel;
using Xiangyun.Wire;
using SortKey = Xiangyun.Store.Paging.SortKey;

namespace Xiangyun.Image.Images;

/// <summary>The query string of the image list. A name that is no attribute filters by a custom property.</summary>
internal static class ImageFilters
{
    private static readonly Dictionary<string, string> SortMembers = new()
    {
        ["name"] = nameof(ImageRow.Name), ["id"] = nameof(ImageRow.Id), ["size"] = nameof(ImageRow.Size), ["created_at"] = nameof(ImageRow.CreatedAt),
        ["updated_at"] = nameof(ImageRow.UpdatedAt), ["owner"] = nameof(ImageRow.OwnerId), ["visibility"] = nameof(ImageRow.Visibility),
        ["container_format"] = nameof(ImageRow.ContainerFormat), ["disk_format"] = nameof(ImageRow.DiskFormat), ["min_disk"] = nameof(ImageRow.MinDisk),
        ["min_ram"] = nameof(ImageRow.MinRam), ["protected"] = nameof(ImageRow.Protected), ["os_hidden"] = nameof(ImageRow.Hidden),
    };

    public static IQueryable<ImageRow> Apply(ImageDb db, Call call, long now)
    {
        var rows = Seen(db, call.Actor, call.QueryOr("visibility"), call.QueryOr("member_status") ?? "accepted");
        var hidden = Flag("os_hidden", call.QueryOr("os_hidden") ?? "false");
        rows = rows.Where(i => i.RecycledAt == null && i.Hidden == hidden);
        foreach (var name in call.QueryNames)
            foreach (var value in call.QueryAll(name))
                rows = One(db, rows, name, value, now);
        return rows;
    }

    public static IReadOnlyList<SortKey> Sort(Call call)
    {
        if (call.QueryOr("sort") is { } sort)
        {
            if (call.QueryOr("sort_key") is not null) throw CloudError.Invalid("Old and new sorting syntax cannot be combined: give sort, or sort_key with sort_dir.");
            return [.. sort.Split(',').Select(p => p.Split(':')).Select(p => Key(p[0].Trim(), p.Length > 1 ? p[1].Trim() : "desc"))];
        }
        var keys = call.QueryAll("sort_key");
        var directions = call.QueryAll("sort_dir");
        if (keys.Count == 0) return [Key("created_at", directions.Count > 0 ? directions[0] : "desc")];
        return [.. keys.Select((k, i) => Key(k, directions.Count == 0 ? "desc" : directions[Math.Min(i, directions.Count - 1)]))];
    }

    private static SortKey Key(string key, string direction) => direction is not ("asc" or "desc") ? throw CloudError.Invalid($"Invalid sort direction: {direction}.")
        : new SortKey(SortMembers.GetValueOrDefault(key) ?? throw CloudError.Invalid($"Invalid sort key: {key}. Possible are: {string.Join(", ", SortMembers.Keys)}."), direction == "desc");

    private static IQueryable<ImageRow> Seen(ImageDb db, Actor actor, string? visibility, string memberStatus)
    {
        var project = actor.ProjectId ?? "";
        if (memberStatus is not ("accepted" or "pending" or "rejected" or "all")) throw CloudError.Invalid($"Invalid status: {memberStatus}.");
        var shared = db.Images.Where(i => i.Visibility == "shared" && db.Members.Any(m => m.ImageId == i.Id && m.MemberId == project && (memberStatus == "all" || m.Status == memberStatus)));
        var mine = actor.IsAdmin ? db.Images : db.Images.Where(i => i.OwnerId == project);
        return visibility switch
        {
            null => db.Images.Where(i => (actor.IsAdmin && i.Visibility != "community") || i.OwnerId == project || i.Visibility == "public" || shared.Any(s => s.Id == i.Id)),
            "all" => db.Images.Where(i => actor.IsAdmin || i.OwnerId == project || i.Visibility == "public" || i.Visibility == "community" || shared.Any(s => s.Id == i.Id)),
            "public" or "community" => db.Images.Where(i => i.Visibility == visibility),
            "private" => mine.Where(i => i.Visibility == "private"),
            "shared" => db.Images.Where(i => i.Visibility == "shared" && (actor.IsAdmin || i.OwnerId == project || shared.Any(s => s.Id == i.Id))),
            _ => throw CloudError.Invalid($"Invalid visibility value: {visibility}."),
        };
    }

    private static IQueryable<ImageRow> One(ImageDb db, IQueryable<ImageRow> rows, string name, string value, long now)
    {
        var all = In(value);
        switch (name)
        {
            case "limit" or "marker" or "sort" or "sort_key" or "sort_dir" or "visibility" or "member_status" or "os_hidden": return rows;
            case "name": return rows.Where(i => i.Name != null && all.Contains(i.Name));
            case "id": return rows.Where(i => all.Contains(i.Id));
            case "owner": return rows.Where(i => i.OwnerId == value);
            case "container_format": return rows.Where(i => i.ContainerFormat != null && all.Contains(i.ContainerFormat));
            case "disk_format": return rows.Where(i => i.DiskFormat != null && all.Contains(i.DiskFormat));
            case "status": return rows.Where(i => (all.Contains("active") && i.DataFile != null && !i.Deactivated) || (all.Contains("deactivated") && i.DataFile != null && i.Deactivated)
                || (all.Contains("saving") && i.DataFile == null && i.ImportTask == null && i.StagedFile == null && i.SavingUntil > now)
                || (all.Contains("importing") && i.DataFile == null && i.ImportTask != null) || (all.Contains("uploading") && i.DataFile == null && i.ImportTask == null && i.StagedFile != null)
                || (all.Contains("queued") && i.DataFile == null && i.ImportTask == null && i.StagedFile == null && i.SavingUntil <= now));
            case "protected": var kept = Flag(name, value); return rows.Where(i => i.Protected == kept);
            case "checksum": return rows.Where(i => i.Md5 == value);
            case "os_hash_value": return rows.Where(i => i.Sha512 == value);
            case "os_hash_algo": return rows.Where(i => i.Sha512 != null && value == "sha512");
            case "tag": return rows.Where(i => db.Tags.Any(t => t.ImageId == i.Id && t.Tag == value));
            case "size": var size = Number(name, value); return rows.Where(i => i.Size == size);
            case "size_min": var least = Number(name, value); return rows.Where(i => i.Size >= least);
            case "size_max": var most = Number(name, value); return rows.Where(i => i.Size <= most);
            case "min_disk": var disk = Number(name, value); return rows.Where(i => i.MinDisk == disk);
            case "min_ram": var ram = Number(name, value); return rows.Where(i => i.MinRam == ram);
            case "created_at" or "updated_at": return At(rows, name, value);
            default: return rows.Where(i => db.Properties.Any(p => p.ImageId == i.Id && p.Name == name && p.Value == value));
        }
    }

    private static IQueryable<ImageRow> At(IQueryable<ImageRow> rows, string name, string value)
    {
        var (verb, text) = value.Split(':', 2) is [var first, var rest] && first is "gt" or "gte" or "lt" or "lte" or "eq" or "neq" ? (value.Split(':', 2)[0], value.Split(':', 2)[1]) : ("eq", value);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)) throw CloudError.Invalid($"Invalid time '{text}' of {name}: write 2026-01-02T03:04:05Z.");
        // Clients see whole seconds, so whole seconds are compared.
        var (from, to) = (when.ToUnixTimeMilliseconds() / 1000 * 1000, when.ToUnixTimeMilliseconds() / 1000 * 1000 + 1000);
        var created = name == "created_at";
        return verb switch
        {
            "gt" => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) >= to),
            "gte" => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) >= from),
            "lt" => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) < from),
            "lte" => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) < to),
            "neq" => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) < from || (created ? i.CreatedAt : i.UpdatedAt) >= to),
            _ => rows.Where(i => (created ? i.CreatedAt : i.UpdatedAt) >= from && (created ? i.CreatedAt : i.UpdatedAt) < to),
        };
    }

    /// <summary><c>in:a,"b,c"</c> is a or b,c; anything else is itself.</summary>
    internal static List<string> In(string value)
    {
        if (!value.StartsWith("in:", StringComparison.Ordinal)) return [value];
        var found = new List<string>();
        var word = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in value[3..])
        {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) { found.Add(word.ToString()); word.Clear(); }
            else word.Append(c);
        }
        if (quoted) throw CloudError.Invalid($"Invalid filter value {value}. The quote is not closed.");
        found.Add(word.ToString());
        return found;
    }

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw CloudError.Invalid($"Invalid value '{value}' of {name}: it must be a whole number of 0 or more.");

    private static bool Flag(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw CloudError.Invalid($"Invalid value '{value}' of {name}: it must be true or false."),
    };
}
