using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Paging;

/// <summary>One column to sort by: the name of a row member of type string, long, int or bool, nullable or not.</summary>
public sealed record SortKey(string Member, bool Descending = false);

/// <summary>
/// Keyset pages: the rows after the marker in the given order, never an offset, so that no row is lost or doubled
/// while others are created. The id (UUIDv7: creation order) is always the last key.
/// </summary>
public static class Listing
{
    /// <param name="rows">The rows that the caller may see, already filtered.</param>
    /// <param name="markerRow">The row that the marker names, read from the same rows; null for the first page.</param>
    public static async Task<Slice<T>> Paged<T>(this IQueryable<T> rows, IReadOnlyList<SortKey> sort, Page page, T? markerRow, string idMember = "Id") where T : class
    {
        var keys = sort.Where(k => k.Member != idMember).Append(sort.FirstOrDefault(k => k.Member == idMember) ?? new SortKey(idMember, sort.LastOrDefault()?.Descending ?? true))
            .Select(k => k with { Descending = k.Descending ^ page.Reverse }).ToList();
        if (markerRow is not null) rows = rows.Where(After<T>(keys, markerRow));
        IOrderedQueryable<T>? ordered = null;
        foreach (var key in keys) ordered = Order(ordered, rows, key);
        if (page.Limit == 0) return new Slice<T>([], false);
        var found = await ordered!.Take(page.Limit + 1).ToListAsync();
        var more = found.Count > page.Limit;
        if (more) found.RemoveAt(found.Count - 1);
        if (page.Reverse) found.Reverse();
        return new Slice<T>(found, more);
    }

    private static Expression Value<T>(ParameterExpression row, SortKey key)
    {
        var member = Expression.Property(row, typeof(T).GetProperty(key.Member) ?? throw CloudError.Invalid($"Cannot sort by '{key.Member}'."));
        var type = member.Type;
        if (type == typeof(string)) return Expression.Coalesce(member, Expression.Constant(""));
        if (Nullable.GetUnderlyingType(type) is { } inner) return Expression.Coalesce(member, Expression.Default(inner));
        return member;
    }

    private static IOrderedQueryable<T> Order<T>(IOrderedQueryable<T>? ordered, IQueryable<T> rows, SortKey key)
    {
        var row = Expression.Parameter(typeof(T), "r");
        var value = Value<T>(row, key);
        var lambda = Expression.Lambda(value, row);
        var verb = (ordered is null ? "OrderBy" : "ThenBy") + (key.Descending ? "Descending" : "");
        var call = Expression.Call(typeof(Queryable), verb, [typeof(T), value.Type], (ordered ?? rows).Expression, Expression.Quote(lambda));
        return (IOrderedQueryable<T>)rows.Provider.CreateQuery<T>(call);
    }

    private static Expression<Func<T, bool>> After<T>(IReadOnlyList<SortKey> keys, T marker)
    {
        var row = Expression.Parameter(typeof(T), "r");
        Expression? any = null;
        Expression? equalSoFar = null;
        foreach (var key in keys)
        {
            var value = Value<T>(row, key);
            var mark = Constant<T>(key, marker, value.Type);
            var beyond = Beyond(value, mark, key.Descending);
            var term = equalSoFar is null ? beyond : Expression.AndAlso(equalSoFar, beyond);
            any = any is null ? term : Expression.OrElse(any, term);
            var equal = Expression.Equal(value, mark);
            equalSoFar = equalSoFar is null ? equal : Expression.AndAlso(equalSoFar, equal);
        }
        return Expression.Lambda<Func<T, bool>>(any!, row);
    }

    private static Expression Beyond(Expression value, Expression mark, bool descending)
    {
        if (value.Type == typeof(string))
        {
            value = Expression.Call(typeof(string), nameof(string.Compare), null, value, mark);
            mark = Expression.Constant(0);
        }
        else if (value.Type == typeof(bool))
        {
            value = Expression.Condition(value, Expression.Constant(1), Expression.Constant(0));
            mark = Expression.Condition(mark, Expression.Constant(1), Expression.Constant(0));
        }
        return descending ? Expression.LessThan(value, mark) : Expression.GreaterThan(value, mark);
    }

    private static Expression Constant<T>(SortKey key, T marker, Type type)
    {
        var value = typeof(T).GetProperty(key.Member)!.GetValue(marker) ?? (type == typeof(string) ? "" : Activator.CreateInstance(type));
        return Expression.Constant(value, type);
    }
}
