using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Network.Forwarding;

/// <summary>/floatingips/{id}/port_forwardings: many services of many ports behind one public address.</summary>
internal sealed class ForwardingApi(Database database) : IApi
{
    private const string One = "port_forwarding", Many = "port_forwardings";
    private const string Read = "network:floatingip:read", Write = "network:floatingip:write";

    public Service Service => Neutron.Service;

    public void Map(Routes r)
    {
        const string path = "/floatingips/{floatingip_id}/port_forwardings";
        r.Get(path, Read, List);
        r.Post(path, Write, "port_forwarding.create", Create);
        r.Get(path + "/{id}", Read, call => database.Read(async q => Answer.Ok(new JsonObject { [One] = Wire(await Find(q, await Floating(q, call), call["id"])) })));
        r.Put(path + "/{id}", Write, "port_forwarding.update", Change);
        r.Delete(path + "/{id}", Write, "port_forwarding.delete", Delete);
    }

    public static JsonObject Wire(ForwardingRow r) => new()
    {
        ["id"] = r.Id, ["protocol"] = r.Protocol, ["external_port"] = r.ExternalPort, ["internal_port_id"] = r.InternalPortId,
        ["internal_ip_address"] = r.InternalIp, ["internal_port"] = r.InternalPort, ["description"] = r.Description,
    };

    private static async Task<FloatingIpRow> Floating(Query q, Call call)
    {
        var id = call["floatingip_id"];
        return await FloatingIpStore.Visible(q, call.Actor).SingleOrDefaultAsync(f => f.Id == id) ?? throw NotFound.FloatingIp(id);
    }

    private static async Task<ForwardingRow> Find(Query q, FloatingIpRow floating, string id) =>
        await q.Db<NetworkDb>().Forwardings.SingleOrDefaultAsync(f => f.Id == id && f.FloatingIpId == floating.Id) ?? throw NotFound.Of("PortForwardingNotFound", "Port Forwarding", id);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var floating = await Floating(q, call);
        var rows = q.Db<NetworkDb>().Forwardings.Where(f => f.FloatingIpId == floating.Id);
        if (call.QueryOr("protocol") is { } protocol) rows = rows.Where(f => f.Protocol == protocol);
        if (call.QueryOr("internal_port_id") is { } port) rows = rows.Where(f => f.InternalPortId == port);
        if (call.QueryOr("external_port") is { } text) rows = int.TryParse(text, out var number) ? rows.Where(f => f.ExternalPort == number) : throw CloudError.Invalid($"external_port must be a number, not '{text}'.", "HTTPBadRequest");
        var page = ListRequest.Page(call);
        var mark = page.Marker is null ? null : await Find(q, floating, page.Marker);
        var slice = await rows.Paged([new SortKey("Id")], page, mark);
        var body = new JsonObject { [Many] = new JsonArray([.. slice.Rows.Select(f => ListRequest.Fields(call, Wire(f)))]) };
        if (ListRequest.Links(call, page, slice) is { } links) body[Many + "_links"] = links;
        return Answer.Ok(body);
    });

    private async Task<Answer> Create(Call call)
    {
        var fields = await call.Body(One);
        return Answer.Created(await database.Write(call.Actor, async tx =>
        {
            var floating = await Held(tx, call);
            if (floating.PortId is not null) throw CloudError.Conflict($"Port forwarding needs a free floating IP, but {floating.Ip} leads to port {floating.PortId}.", "FipInUseByOther");
            var row = new ForwardingRow
            {
                Id = Id.New(), ProjectId = floating.ProjectId, FloatingIpId = floating.Id, Protocol = fields.Text("protocol"), InternalPortId = fields.Text("internal_port_id"), InternalIp = "",
                ExternalPort = (int)fields.Number("external_port", 1, 65535), InternalPort = (int)fields.Number("internal_port", 1, 65535),
            };
            await Apply(tx, call.Actor, floating, row, fields);
            await tx.Insert(row);
            Told(tx, call, floating, row);
            return new JsonObject { [One] = Wire(row) };
        }));
    }

    private async Task<Answer> Change(Call call)
    {
        var fields = await call.Body(One);
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var floating = await Held(tx, call);
            var row = await Find(tx, floating, call["id"]);
            row.Protocol = fields.TextOr("protocol") ?? row.Protocol;
            if (fields.TextOr("internal_port_id") is { } port && port != row.InternalPortId) (row.InternalPortId, row.InternalIp) = (port, "");
            row.ExternalPort = (int?)fields.NumberOr("external_port", 1, 65535) ?? row.ExternalPort;
            row.InternalPort = (int?)fields.NumberOr("internal_port", 1, 65535) ?? row.InternalPort;
            await Apply(tx, call.Actor, floating, row, fields);
            await tx.Put(row);
            Told(tx, call, floating, row);
            return new JsonObject { [One] = Wire(row) };
        }));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var floating = await Held(tx, call);
            var row = await Find(tx, floating, call["id"]);
            await tx.Delete<ForwardingRow>(row.Id);
            Told(tx, call, floating, row);
            await Forwardings.LeadBack(tx, floating);
        });
        return Answer.NoContent;
    }

    private static async Task<FloatingIpRow> Held(Tx tx, Call call)
    {
        var seen = await Floating(tx, call);
        return await tx.Hold<FloatingIpRow>(seen.Id) ?? throw NotFound.FloatingIp(seen.Id);
    }

    /// <summary>Reads the rest of the request, and finds the router that leads from the outer address to the inner one.</summary>
    private static async Task Apply(Tx tx, Actor actor, FloatingIpRow floating, ForwardingRow row, Fields fields)
    {
        if (row.Protocol is not ("tcp" or "udp")) throw CloudError.Invalid($"Invalid input for protocol. Reason: '{row.Protocol}' is not in ['tcp', 'udp'].", "HTTPBadRequest");
        var wanted = fields.TextOr("internal_ip_address") ?? (row.InternalIp.Length > 0 ? row.InternalIp : null);
        row.Description = fields.TextOr("description") ?? row.Description;
        fields.Done();
        var port = await PortStore.Find(tx, actor, row.InternalPortId);
        var addresses = (await Addresses.Of(tx, port.Id).ToListAsync()).Where(a => !a.Ip.Contains(':')).ToList();
        var address = wanted is null ? addresses.FirstOrDefault() : addresses.FirstOrDefault(a => a.Ip == wanted);
        if (address is null) throw CloudError.Invalid($"Bad port_forwarding request: Port {port.Id} has no fixed IPv4 address{(wanted is null ? "" : " " + wanted)}.", "BadRequest");
        var db = tx.Db<NetworkDb>();
        var router = await FloatingIpStore.Router(tx, floating.NetworkId, address.SubnetId)
            ?? throw CloudError.Invalid($"External network {floating.NetworkId} is not reachable from subnet {address.SubnetId}.", "BadRequest");
        if (floating.RouterId is { } other && other != router) throw CloudError.Conflict($"The floating IP {floating.Ip} leads through router {other} already; all its port forwardings go through one router.", "FipInUseByOther");
        if (await db.Forwardings.AnyAsync(f => f.Id != row.Id && f.FloatingIpId == floating.Id && f.Protocol == row.Protocol && f.ExternalPort == row.ExternalPort))
            throw CloudError.Conflict($"A duplicate port forwarding entry with same attributes already exists: {row.Protocol} port {row.ExternalPort} of {floating.Ip} is taken.", "FipPortForwardingEntryDuplicate");
        row.InternalIp = address.Ip;
        floating.RouterId = router;
        await tx.Put(floating);
    }

    private static void Told(Tx tx, Call call, FloatingIpRow floating, ForwardingRow row)
    {
        if (floating.RouterId is { } router) tx.Wake(NetworkWork.Router, router);
        tx.Audit(call.Verb, One, row.Id, row.ProjectId, new { floating_ip = floating.Ip, row.Protocol, row.ExternalPort, row.InternalIp, row.InternalPort });
    }
}
