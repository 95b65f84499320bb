using System.Globalization;
using Xiangyun.Kernel;

namespace Xiangyun.Volume.Volumes;

/// <summary>One comparison of a time filter: <c>created_at=gt:2026-01-01T00:00:00,lt:2026-02-01T00:00:00</c>. Times are UTC.</summary>
internal sealed record Span(string Operator, long Time)
{
    private static readonly string[] Operators = ["eq", "neq", "gt", "gte", "lt", "lte"];

    public static IEnumerable<Span> Of(string name, string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var op = colon > 0 && Operators.Contains(part[..colon]) ? part[..colon] : "eq";
            var time = op == "eq" && !part.StartsWith("eq:", StringComparison.Ordinal) ? part : part[(colon + 1)..];
            if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when))
                throw CloudError.Invalid($"Invalid value '{part}' of {name}: it must be a time in ISO 8601, with one of {string.Join(", ", Operators)} and a colon before it if wanted.");
            yield return new Span(op, when.ToUnixTimeMilliseconds());
        }
    }

    public IQueryable<VolumeRow> On(IQueryable<VolumeRow> rows, bool updated)
    {
        // A client names a second; what happened within it counts as that second.
        var (from, to) = (Time, Time + 999);
        return Operator switch
        {
            "gt" => updated ? rows.Where(v => v.UpdatedAt > to) : rows.Where(v => v.CreatedAt > to),
            "gte" => updated ? rows.Where(v => v.UpdatedAt >= from) : rows.Where(v => v.CreatedAt >= from),
            "lt" => updated ? rows.Where(v => v.UpdatedAt < from) : rows.Where(v => v.CreatedAt < from),
            "lte" => updated ? rows.Where(v => v.UpdatedAt <= to) : rows.Where(v => v.CreatedAt <= to),
            "neq" => updated ? rows.Where(v => v.UpdatedAt < from || v.UpdatedAt > to) : rows.Where(v => v.CreatedAt < from || v.CreatedAt > to),
            _ => updated ? rows.Where(v => v.UpdatedAt >= from && v.UpdatedAt <= to) : rows.Where(v => v.CreatedAt >= from && v.CreatedAt <= to),
        };
    }
}
