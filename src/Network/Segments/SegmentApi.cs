using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Network.Segments;

/// <summary>
/// /segments, to be read: each network of this cloud has exactly one segment, made and removed with it, so the segment's id is
/// the network's.
/// </summary>
internal sealed class SegmentApi(Database database) : IApi
{
    public Service Service => Neutron.Service;

    public void Map(Routes r)
    {
        r.Get("/segments", "network:segment:read", List);
        r.Get("/segments/{id}", "network:segment:read", call => database.Read(async q => Answer.Ok(new JsonObject
        {
            ["segment"] = Wire(await q.Db<NetworkDb>().Networks.SingleOrDefaultAsync(n => n.Id == call["id"]) ?? throw CloudError.NotFound($"Segment {call["id"]} could not be found.", "SegmentNotFound")),
        }), call.Stop));
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<NetworkDb>().Networks.AsQueryable();
        if (call.QueryAll("network_id") is { Count: > 0 } networks) rows = rows.Where(n => networks.Contains(n.Id));
        if (call.QueryAll("network_type") is { Count: > 0 } types) rows = rows.Where(n => types.Contains(n.ProviderType));
        if (call.QueryAll("physical_network") is { Count: > 0 } physical) rows = rows.Where(n => n.PhysicalNetwork != null && physical.Contains(n.PhysicalNetwork));
        var page = ListRequest.Page(call);
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(n => n.Id == page.Marker) ?? throw CloudError.Invalid($"The marker '{page.Marker}' is no segment.", "HTTPBadRequest");
        var slice = await rows.Paged([new Store.Paging.SortKey("Id")], page, mark);
        var body = new JsonObject { ["segments"] = new JsonArray([.. slice.Rows.Select(n => ListRequest.Fields(call, Wire(n)))]) };
        if (ListRequest.Links(call, page, slice) is { } links) body["segments_links"] = links;
        return Answer.Ok(body);
    }, call.Stop);

    private static JsonObject Wire(NetworkRow n) => new()
    {
        ["id"] = n.Id, ["network_id"] = n.Id, ["network_type"] = n.ProviderType, ["physical_network"] = n.PhysicalNetwork, ["segmentation_id"] = n.SegmentationId,
        ["name"] = null, ["description"] = null, ["revision_number"] = n.Generation, ["created_at"] = Clock.Seconds(n.CreatedAt), ["updated_at"] = Clock.Seconds(n.UpdatedAt),
    };
}
