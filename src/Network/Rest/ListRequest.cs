using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>The part of a list request that is the same for all resources: pages, sorting, <c>fields</c> and links.</summary>
internal static class ListRequest
{
    private static readonly string[] Reserved = ["limit", "marker", "page_reverse", "fields", "sort_key", "sort_dir"];

    public static IEnumerable<string> FilterNames(Call call) => call.QueryNames.Except(Reserved);

    public static Page Page(Call call)
    {
        var page = call.Page();
        return page.Limit == 0 ? page with { Limit = Kernel.Page.Max } : page;
    }

    public static IReadOnlyList<SortKey> Sort<T>(Call call, Attributes<T> attributes) where T : ResourceRow
    {
        var keys = call.QueryAll("sort_key");
        var directions = call.QueryAll("sort_dir");
        if (directions.Count > 0 && directions.Count != keys.Count)
            throw CloudError.Invalid("The number of sort_keys and sort_dirs must be same", "HTTPBadRequest");
        if (keys.Count == 0) return [new SortKey("Id")];
        return [.. keys.Select((key, i) => attributes.Sort(key, directions.Count > 0 ? directions[i] : "asc"))];
    }

    public static JsonObject Fields(Call call, JsonObject shown)
    {
        var wanted = call.QueryAll("fields").Where(f => f.Length > 0).ToHashSet();
        if (wanted.Count == 0) return shown;
        foreach (var name in shown.Select(p => p.Key).Where(k => !wanted.Contains(k)).ToList()) shown.Remove(name);
        return shown;
    }

    /// <summary>Links to the neighbours of this page; null when it is all there is.</summary>
    public static JsonArray? Links<T>(Call call, Page page, Slice<T> slice) where T : ResourceRow
    {
        if (call.QueryOr("limit") is null && !slice.More) return null;
        var links = new JsonArray();
        if (slice.Rows.Count == 0) return links;
        if (page.Reverse ? page.Marker is not null : slice.More) links.Add(Link(call, "next", slice.Rows[^1].Id, false));
        if (page.Reverse ? slice.More : page.Marker is not null) links.Add(Link(call, "previous", slice.Rows[0].Id, true));
        return links;
    }

    private static JsonObject Link(Call call, string rel, string marker, bool reverse)
    {
        var query = call.Http.Request.Query.Where(p => p.Key is not ("marker" or "page_reverse"))
            .SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v))).Append(KeyValuePair.Create("marker", (string?)marker));
        if (reverse) query = query.Append(KeyValuePair.Create("page_reverse", (string?)"True"));
        return new JsonObject { ["rel"] = rel, ["href"] = call.Link(call.Http.Request.Path + QueryString.Create(query)) };
    }
}
