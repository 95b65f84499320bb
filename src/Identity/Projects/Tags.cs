using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

/// <summary>Tags of a project, kept as a JSON list, and the four filters on them.</summary>
internal static class Tags
{
    public const int Most = 80;

    public static string Of(IReadOnlyCollection<string> tags)
    {
        if (tags.FirstOrDefault(t => t.Length is 0 or > 255 || t.Contains(',') || t.Contains('/')) is { } wrong)
            throw CloudError.Invalid($"The tag '{wrong}' is refused: a tag has 1 to 255 characters and neither ',' nor '/'.");
        if (tags.Distinct().Count() != tags.Count) throw CloudError.Invalid("A tag is given twice; tags must be unique.");
        if (tags.Count > Most) throw CloudError.Invalid($"A project can have {Most} tags at most; {tags.Count} were given.");
        return JsonSerializer.Serialize(tags);
    }

    /// <summary><c>tags</c>: all of them; <c>tags-any</c>: at least one; <c>not-tags</c> and <c>not-tags-any</c>: the opposite.</summary>
    public static IQueryable<ProjectRow> Tagged(this IQueryable<ProjectRow> rows, IQueryable<ProjectRow> all, Call call)
    {
        if (Asked(call, "tags") is { } every) { var ids = WithAll(all, every); rows = rows.Where(p => ids.Contains(p.Id)); }
        if (Asked(call, "tags-any") is { } any) { var ids = WithAny(all, any); rows = rows.Where(p => ids.Contains(p.Id)); }
        if (Asked(call, "not-tags") is { } notEvery) { var ids = WithAll(all, notEvery); rows = rows.Where(p => !ids.Contains(p.Id)); }
        if (Asked(call, "not-tags-any") is { } notAny) { var ids = WithAny(all, notAny); rows = rows.Where(p => !ids.Contains(p.Id)); }
        return rows;
    }

    private static List<string>? Asked(Call call, string query) =>
        call.QueryOr(query) is { Length: > 0 } text ? [.. text.Split(',').Select(t => JsonSerializer.Serialize(t))] : null;

    private static IQueryable<string> WithAll(IQueryable<ProjectRow> all, List<string> quoted) =>
        quoted.Aggregate(all, (rows, tag) => rows.Where(p => p.Tags.Contains(tag))).Select(p => p.Id);

    private static IQueryable<string> WithAny(IQueryable<ProjectRow> all, List<string> quoted) =>
        quoted.Select(tag => all.Where(p => p.Tags.Contains(tag))).Aggregate((one, other) => one.Union(other)).Select(p => p.Id);
}
