using System.Globalization;
using System.Linq.Expressions;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using SortKey = Xiangyun.Store.Paging.SortKey;

namespace Xiangyun.Network.Rest;

/// <summary>A filter that is more than a comparison of one column.</summary>
internal delegate IQueryable<T> Filter<T>(Query q, IQueryable<T> rows, IReadOnlyList<string> values);

/// <summary>Which attributes of a resource may be filtered and sorted by, and the column or query behind each.</summary>
internal sealed class Attributes<T> where T : ResourceRow
{
    private readonly Dictionary<string, string> _columns = new()
    {
        ["id"] = "Id", ["name"] = "Name", ["description"] = "Description", ["project_id"] = "ProjectId", ["tenant_id"] = "ProjectId",
        ["revision_number"] = "Generation", ["created_at"] = "CreatedAt", ["updated_at"] = "UpdatedAt",
    };
    private readonly Dictionary<string, Filter<T>> _filters = [];

    public Attributes<T> Column(string name, string member)
    {
        _columns[name] = member;
        return this;
    }

    public Attributes<T> Special(string name, Filter<T> filter)
    {
        _filters[name] = filter;
        return this;
    }

    public IQueryable<T> Where(Query q, IQueryable<T> rows, string name, IReadOnlyList<string> values)
    {
        if (_filters.TryGetValue(name, out var special)) return special(q, rows, values);
        if (!_columns.TryGetValue(name, out var member)) throw CloudError.Invalid($"['{name}'] is invalid attribute for filtering", "HTTPBadRequest");
        var row = Expression.Parameter(typeof(T), "r");
        var column = Expression.Property(row, member);
        var list = Array.CreateInstance(column.Type, values.Count);
        for (var i = 0; i < values.Count; i++) list.SetValue(Read(name, values[i], Nullable.GetUnderlyingType(column.Type) ?? column.Type), i);
        var contains = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [column.Type], Expression.Constant(list), column);
        return rows.Where(Expression.Lambda<Func<T, bool>>(contains, row));
    }

    public SortKey Sort(string name, string direction) => direction is not ("asc" or "desc")
        ? throw CloudError.Invalid($"The value of sort_dir must be 'asc' or 'desc', not '{direction}'.", "HTTPBadRequest")
        : _columns.TryGetValue(name, out var member) ? new SortKey(member, direction == "desc")
        : throw CloudError.Invalid($"['{name}'] is invalid attribute for sort_keys", "HTTPBadRequest");

    private static object Read(string name, string text, Type type)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(bool) && ReadFlag(text) is { } flag) return flag;
        if (type == typeof(int) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)) return number;
        if (type == typeof(long) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var large)) return large;
        if (type == typeof(long) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time.ToUnixTimeMilliseconds();
        throw CloudError.Invalid($"Invalid input for operation: '{text}' is no value for the filter '{name}'.", "InvalidInput");
    }

    private static bool? ReadFlag(string text) => text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null };
}
