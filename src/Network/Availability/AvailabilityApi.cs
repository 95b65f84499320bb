using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Network.Availability;

/// <summary>/network-ip-availabilities: how many addresses each network has, and how many are taken.</summary>
internal sealed class AvailabilityApi(Database database) : IApi
{
    private const string Many = "network_ip_availabilities", One = "network_ip_availability";

    public Service Service => Neutron.Service;

    public void Map(Routes r)
    {
        r.Get("/network-ip-availabilities", "network:ip_availability:read", List);
        r.Get("/network-ip-availabilities/{id}", "network:ip_availability:read", call => database.Read(async q =>
            Answer.Ok(new JsonObject { [One] = (await Show(q, [await NetworkStore.Find(q, call.Actor, call["id"])], null))[0] })));
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = NetworkStore.Visible(q, call.Actor);
        if (call.QueryAll("network_id") is { Count: > 0 } ids) rows = rows.Where(n => ids.Contains(n.Id));
        if (call.QueryAll("network_name") is { Count: > 0 } names) rows = rows.Where(n => names.Contains(n.Name));
        if ((call.QueryOr("project_id") ?? call.QueryOr("tenant_id")) is { } project) rows = rows.Where(n => n.ProjectId == project);
        var version = call.QueryOr("ip_version") switch { null => (int?)null, "4" => 4, "6" => 6, var other => throw CloudError.Invalid($"ip_version must be 4 or 6, not '{other}'.", "HTTPBadRequest") };
        var page = ListRequest.Page(call);
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(n => n.Id == page.Marker) ?? throw CloudError.Invalid($"The marker '{page.Marker}' is no network that you can see.", "HTTPBadRequest");
        var slice = await rows.Paged([new Store.Paging.SortKey("Id")], page, mark);
        var body = new JsonObject { [Many] = new JsonArray([.. (await Show(q, slice.Rows, version)).Select(shown => ListRequest.Fields(call, shown))]) };
        if (ListRequest.Links(call, page, slice) is { } links) body[Many + "_links"] = links;
        return Answer.Ok(body);
    });

    private static async Task<List<JsonObject>> Show(Query q, IReadOnlyList<NetworkRow> networks, int? version)
    {
        var ids = networks.Select(n => n.Id).ToList();
        var db = q.Db<NetworkDb>();
        var subnets = (await db.Subnets.Where(s => ids.Contains(s.NetworkId) && (version == null || s.IpVersion == version)).OrderBy(s => s.Id).ToListAsync()).ToLookup(s => s.NetworkId);
        var used = await db.Addresses.Where(a => ids.Contains(a.NetworkId)).GroupBy(a => a.SubnetId).Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        return [.. networks.Select(n =>
        {
            var inner = subnets[n.Id].Select(s => (Subnet: s, Total: Total(s), Used: used.GetValueOrDefault(s.Id))).ToList();
            return new JsonObject
            {
                ["network_id"] = n.Id, ["network_name"] = n.Name, ["project_id"] = n.ProjectId, ["tenant_id"] = n.ProjectId,
                ["total_ips"] = Number(inner.Aggregate(BigInteger.Zero, (sum, s) => sum + s.Total)), ["used_ips"] = inner.Sum(s => s.Used),
                ["subnet_ip_availability"] = new JsonArray([.. inner.Select(s => new JsonObject
                {
                    ["subnet_id"] = s.Subnet.Id, ["subnet_name"] = s.Subnet.Name, ["cidr"] = s.Subnet.Cidr, ["ip_version"] = s.Subnet.IpVersion, ["total_ips"] = Number(s.Total), ["used_ips"] = s.Used,
                })]),
            };
        })];
    }

    /// <summary>What the allocation pools hold; an IPv6 subnet holds more than any integer type, so it is written digit by digit.</summary>
    private static BigInteger Total(SubnetRow subnet) => JsonText.List<Pool>(subnet.Pools).Aggregate(BigInteger.Zero, (sum, p) => sum + (BigInteger)(Ip.Of(p.End).Number - Ip.Of(p.Start).Number) + 1);

    private static JsonNode Number(BigInteger number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!;
}
