using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity;

/// <summary>How every list of this module is filtered by name and cut into pages, oldest first.</summary>
internal static class Pages
{
    /// <summary>One page of the rows that the caller may see. A limit of 0 means no limit, as in Keystone.</summary>
    public static async Task<Answer> Of<T>(Call call, string name, IQueryable<T> rows, Func<T, JsonObject> wire) where T : class
    {
        var page = call.Page();
        if (page.Limit == 0) page = page with { Limit = Page.Max };
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(r => EF.Property<string>(r, "Id") == m) ?? throw Keystone.Missing("marker", m) : null;
        var slice = await rows.Paged([new SortKey("Id")], page, mark);
        return Whole(call, name, slice.Rows.Select(wire).ToList(), slice.More);
    }

    /// <summary>A list that is complete, or the page that was cut elsewhere.</summary>
    public static Answer Whole(Call call, string name, IReadOnlyList<JsonObject> bodies, bool more = false)
    {
        var links = new JsonObject
        {
            ["self"] = call.Link(call.Http.Request.Path + call.Http.Request.QueryString), ["previous"] = null,
            ["next"] = more ? call.NextLink(bodies[^1]["id"]!.ToString()) : null,
        };
        return Answer.Ok(new JsonObject { ["links"] = links, [name] = new JsonArray([.. bodies]) });
    }

    /// <summary>name and its comparisons: <c>name__contains</c>, <c>name__istartswith</c> and so on; i ignores case.</summary>
    public static IQueryable<T> Named<T>(this IQueryable<T> rows, Call call) where T : class
    {
        foreach (var query in call.QueryNames.Where(n => n == "name" || n.StartsWith("name__", StringComparison.Ordinal)))
        {
            var text = call.QueryOr(query)!;
            var lower = text.ToLowerInvariant();
            rows = rows.Where<T>(query switch
            {
                "name" => r => EF.Property<string>(r, "Name") == text,
                "name__contains" => r => EF.Property<string>(r, "Name").Contains(text),
                "name__icontains" => r => EF.Property<string>(r, "Name").ToLower().Contains(lower),
                "name__startswith" => r => EF.Property<string>(r, "Name").StartsWith(text),
                "name__istartswith" => r => EF.Property<string>(r, "Name").ToLower().StartsWith(lower),
                "name__endswith" => r => EF.Property<string>(r, "Name").EndsWith(text),
                "name__iendswith" => r => EF.Property<string>(r, "Name").ToLower().EndsWith(lower),
                _ => throw CloudError.Invalid($"The filter '{query}' is unknown; use name, or name__ with contains, startswith, endswith, or one of them after i."),
            });
        }
        return rows;
    }

    /// <summary>enabled=true|false, on rows that have that member.</summary>
    public static IQueryable<T> Enabled<T>(this IQueryable<T> rows, Call call) where T : class
    {
        if (call.QueryOr("enabled") is null) return rows;
        var on = call.QueryFlag("enabled");
        return rows.Where(r => EF.Property<bool>(r, "Enabled") == on);
    }

    /// <summary>A text member that must equal the query's value when the query has one.</summary>
    public static IQueryable<T> Same<T>(this IQueryable<T> rows, Call call, string query, string member) where T : class
    {
        if (call.QueryOr(query) is not { } wanted) return rows;
        Expression<Func<T, bool>> equal = r => EF.Property<string?>(r, member) == wanted;
        return rows.Where(equal);
    }
}
