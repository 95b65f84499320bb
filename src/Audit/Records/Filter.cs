using System.Globalization;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Records;

/// <summary>What a reader asks for in the query: who, what, on what, how it ended, when, where, in which request.</summary>
internal static class Filter
{
    private static readonly HashSet<string> Known = ["user", "action", "kind", "object", "result", "status", "request", "remote", "domain", "project", "from", "to", "limit", "marker", "page_reverse"];

    /// <exception cref="CloudError">A name that is no filter, or a value that cannot be.</exception>
    public static IQueryable<AuditRow> Of(Call call, IQueryable<AuditRow> rows)
    {
        if (call.QueryNames.FirstOrDefault(n => !Known.Contains(n)) is { } unknown)
            throw CloudError.Invalid($"'{unknown}' is no filter of audit records. There are: {string.Join(", ", Known.Order())}.");
        if (call.QueryOr("user") is { } user) rows = rows.Where(a => a.UserId == user || a.UserName == user);
        if (call.QueryOr("action") is { } action)
        {
            var beginning = action.TrimEnd('*');
            rows = action.EndsWith('*') ? rows.Where(a => a.Verb.StartsWith(beginning)) : rows.Where(a => a.Verb == action);
        }
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(a => a.Kind == kind);
        if (call.QueryOr("object") is { } of) rows = rows.Where(a => a.ResourceId == of);
        if (call.QueryOr("result") is { } result) rows = rows.Where(a => a.Result == result);
        if (call.QueryOr("status") is { } text) { var status = Whole("status", text); rows = rows.Where(a => a.Status == status); }
        if (call.QueryOr("request") is { } request) rows = rows.Where(a => a.RequestId == request);
        if (call.QueryOr("remote") is { } remote) rows = rows.Where(a => a.Remote == remote);
        if (call.QueryOr("domain") is { } domain) rows = rows.Where(a => a.DomainId == domain || a.ResourceDomainId == domain);
        if (call.QueryOr("project") is { } project) rows = rows.Where(a => a.ProjectId == project || a.ResourceProjectId == project);
        if (Time(call, "from") is { } from) rows = rows.Where(a => a.At >= from);
        if (Time(call, "to") is { } to) rows = rows.Where(a => a.At < to);
        return rows;
    }

    /// <summary>A moment as ISO 8601 (UTC unless it says otherwise) or in milliseconds since 1970.</summary>
    public static long? Time(Call call, string name)
    {
        if (call.QueryOr(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)) return ms;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return at.ToUnixTimeMilliseconds();
        throw CloudError.Invalid($"Invalid input for query parameter {name}. Value: {text}. It must be a moment such as 2026-01-31T08:00:00Z.");
    }

    public static long Whole(string name, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw CloudError.Invalid($"Invalid input for query parameter {name}. Value: {text}. It must be a whole number.");
}
