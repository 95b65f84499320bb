using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>images: Image's list, in the shape that Nova had until 2.36, with Nova's filters.</summary>
internal sealed class ImageApi(Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/images", "compute:read", Nova.Until(36, call => List(call, ImageWire.Short)));
        r.Get("/images/detail", "compute:read", Nova.Until(36, call => List(call, ImageWire.Of)));
        r.Get("/images/{id}", "compute:read", Nova.Until(36, async call => Answer.Ok(new JsonObject { ["image"] = ImageWire.Of(await Image(neighbour, call), call) })));
        r.Delete("/images/{id}", "compute:write", "image.delete", Nova.Until(36, async call => { await neighbour.Ask(call, "glance", "DELETE", Path(call)); return Answer.NoContent; }));
    }

    internal static string Path(Call call) => "/images/" + (Id.Canonical(call["id"]) ?? throw CloudError.NotFound("Image not found."));

    internal static async Task<JsonNode> Image(Neighbour neighbour, Call call) => (await neighbour.Ask(call, "glance", "GET", Path(call)))!;

    private async Task<Answer> List(Call call, Func<JsonNode, Call, JsonObject> wire)
    {
        var page = call.Page();
        var all = (await neighbour.Ask(call, "glance", "GET", "/images?" + string.Join('&', Filters(call, page))))!["images"]!.AsArray().Select(i => i!).ToList();
        return Answer.Ok(Nova.List(call, "images", all.Count > page.Limit ? new Slice<JsonNode>(all[..page.Limit], page.Limit > 0) : new Slice<JsonNode>(all, false), i => wire(i, call), i => i["id"]!.ToString()));
    }

    /// <summary>One row more than asked for tells whether there is a next page.</summary>
    private static IEnumerable<string> Filters(Call call, Page page)
    {
        yield return "limit=" + Math.Min(page.Limit + 1, Page.Max);
        if (page.Marker is { } marker) yield return "marker=" + (Id.Canonical(marker) ?? throw Nova.BadMarker(marker));
        foreach (var (nova, glance) in new[] { ("name", "name"), ("minRam", "min_ram"), ("minDisk", "min_disk"), ("type", "image_type") })
            if (call.QueryOr(nova) is { } value) yield return $"{glance}={Uri.EscapeDataString(value)}";
        if (call.QueryOr("status") is { } status) yield return "status=" + (ImageWire.StatusFilter(status) ?? throw CloudError.Invalid($"Invalid status value: {(status.Length > 80 ? status[..80] : status)}"));
        if (call.QueryOr("server") is { } server) yield return "instance_uuid=" + Uri.EscapeDataString(server[(server.LastIndexOf('/') + 1)..]);
        if (Servers.ServerTimes.Time(call, "changes-since") is { } since) yield return "updated_at=" + Uri.EscapeDataString("gte:" + Clock.Seconds(since));
        foreach (var name in call.QueryNames.Where(n => n.StartsWith("property-", StringComparison.Ordinal))) yield return $"{Uri.EscapeDataString(name[9..])}={Uri.EscapeDataString(call.QueryOr(name) ?? "")}";
    }
}
