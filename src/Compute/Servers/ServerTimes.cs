using System.Globalization;
using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>changes-since and changes-before (2.66), which show deleted servers too; those in the recycle bin; and deleted for administrators.</summary>
internal static partial class ServerTimes
{
    public static IQueryable<ServerRow> Within(IQueryable<ServerRow> rows, Call call)
    {
        var (since, before) = Period(call);
        if (since is { } from) rows = rows.Where(s => s.UpdatedAt >= from);
        if (before is { } to) rows = rows.Where(s => s.UpdatedAt <= to);
        if (since is not null || before is not null) return rows;
        var gone = call.QueryAll("status").Any(s => s.Equals("deleted", StringComparison.OrdinalIgnoreCase));
        if (gone && !call.Actor.IsAdmin) throw CloudError.Forbidden("Only administrators may list deleted servers.");
        if (call.QueryAll("status").Any(s => s.Equals("soft_deleted", StringComparison.OrdinalIgnoreCase)) || call.Actor.IsAdmin && call.QueryOr("soft_deleted") is not null && call.QueryFlag("soft_deleted"))
            return rows.Where(s => s.RecycledAt != null && s.DeletedAt == null);
        return gone || call.Actor.IsAdmin && call.QueryOr("deleted") is not null && call.QueryFlag("deleted") ? rows.Where(s => s.DeletedAt != null) : rows.Where(s => s.DeletedAt == null && s.RecycledAt == null);
    }

    /// <summary>The times of a query, for every list that has them.</summary>
    public static (long? Since, long? Before) Period(Call call, int beforeFrom = 66)
    {
        var (since, before) = (Time(call, "changes-since"), call.AtLeast(beforeFrom) ? Time(call, "changes-before") : null);
        return since > before ? throw CloudError.Invalid("The value of changes-since must be less than or equal to changes-before.") : (since, before);
    }

    public static long? Time(Call call, string name) => call.QueryOr(name) is not { } text ? null
        : Shape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds()
        : throw CloudError.Invalid($"Invalid input for query parameters {name}. Value: {(text.Length > 80 ? text[..80] : text)}. It is not a 'date-time' such as 2026-01-31T12:00:00Z.");

    /// <summary>A plus of a time zone often arrives as a blank.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+\- ]\d\d:?\d\d)?)?$")]
    private static partial Regex Shape();
}
