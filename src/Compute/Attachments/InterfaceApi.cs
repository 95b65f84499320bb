using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Attachments;

/// <summary>Network interfaces of a server: ports that Network makes or lends.</summary>
internal sealed class InterfaceApi(Database database, IPorts ports) : IApi
{
    private static readonly string[] Attachable = ["ACTIVE", "SHUTOFF", "PAUSED"];

    /// <summary>Conflicts of Network that Compute has always called bad requests here.</summary>
    private static readonly string[] Bad = ["PortInUse", "NetworkAmbiguous", "IpAddressAlreadyAllocated", "IpAddressGenerationFailure"];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers/{id}/os-interface", "compute:read", List);
        r.Post("/servers/{id}/os-interface", "compute:write", "server.attach_interface", Attach);
        r.Get("/servers/{id}/os-interface/{port_id}", "compute:read", Show);
        r.Delete("/servers/{id}/os-interface/{port_id}", "compute:write", "server.detach_interface", Detach);
    }

    private static JsonObject Wire(PortView p, string? tag, Call call)
    {
        var body = new JsonObject
        {
            ["port_id"] = p.Id, ["net_id"] = p.NetworkId, ["mac_addr"] = p.Mac, ["port_state"] = p.Status,
            ["fixed_ips"] = new JsonArray([.. p.Fixed.Select(f => new JsonObject { ["ip_address"] = f.Ip, ["subnet_id"] = f.SubnetId })]),
        };
        if (call.AtLeast(70)) body["tag"] = tag;
        return body;
    }

    private static Task<Dictionary<string, string>> Tags(Query q, string serverId) =>
        q.Db<ComputeDb>().DeviceTags.Where(t => t.ServerId == serverId && t.Kind == DeviceTagRow.Port).ToDictionaryAsync(t => t.DeviceId, t => t.Tag);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var id = (await ServerStore.Find(q, call.Actor, call["id"])).Id;
        var tags = await Tags(q, id);
        return Answer.Ok(new JsonObject { ["interfaceAttachments"] = new JsonArray([.. (await ports.OfServer(q, id)).Select(p => Wire(p, tags.GetValueOrDefault(p.Id), call))]) });
    });

    private async Task<PortView> One(Query q, Call call)
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        return (await ports.OfServer(q, row.Id)).FirstOrDefault(p => p.Id == call["port_id"]) ?? throw CloudError.NotFound($"Instance {row.Id} does not have a port with id {call["port_id"]}");
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var port = await One(q, call);
        return Answer.Ok(new JsonObject { ["interfaceAttachment"] = Wire(port, (await Tags(q, port.DeviceId!)).GetValueOrDefault(port.Id), call) });
    });

    private async Task<Answer> Attach(Call call)
    {
        var body = (await call.Body()).ObjectOr("interfaceAttachment");
        var (network, port) = (body?.IdOr("net_id"), body?.IdOr("port_id"));
        var addresses = body?.ObjectsOr("fixed_ips")?.Select(f => f.Text("ip_address")).ToList();
        var tag = call.AtLeast(49) && body is not null ? BlockDevice.TagOf(body) : null;
        body?.Done();
        if (network is not null && port is not null) throw CloudError.Invalid("Must not input both network_id and port_id");
        if (addresses is { Count: > 0 } && network is null) throw CloudError.Invalid("Must input network_id when request IP address");
        if (addresses is { Count: > 1 }) throw CloudError.Invalid("Can't specify multiple fixed ips in request");
        try
        {
            var made = await database.Write(call.Actor, tx => Plug(tx, call, network is null && port is null ? null : new NicRequest(network, port, addresses?.FirstOrDefault()), tag));
            return Answer.Ok(new JsonObject { ["interfaceAttachment"] = Wire(made, tag, call) });
        }
        catch (CloudError e) when (e.Kind == ErrorKind.Conflict && Bad.Contains(e.Type))
        {
            throw new CloudError(ErrorKind.Invalid, e.Message, e);
        }
    }

    private async Task<PortView> Plug(Tx tx, Call call, NicRequest? wish, string? tag)
    {
        var row = await ServerStore.ForChange(tx, call["id"]);
        PowerActions.MustBe(row, ServerStatus.Of(row), Attachable, "attach_interface");
        var wanted = wish is null ? await ports.Auto(tx, tx.Actor) : [wish];
        if (wanted.Count == 0) throw CloudError.Invalid("No network to attach to: name a network or a port.");
        var taken = await ports.Take(tx, tx.Actor, row.Id, wanted, null, row.Zone, ServerParts.Hostname(row));
        await ports.Bind(tx, row.Id, row.HostId);
        if (tag is not null) tx.Db<ComputeDb>().Add(new DeviceTagRow { ServerId = row.Id, Kind = DeviceTagRow.Port, DeviceId = taken[0].Id, Tag = tag });
        ServerActionRow.Add(tx, row.Id, row.ProjectId, "attach_interface");
        tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { port = taken[0].Id });
        tx.Wake(FleetWork.Host, row.HostId!);
        return taken[0];
    }

    private async Task<Answer> Detach(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            var port = await One(tx, call);
            PowerActions.MustBe(row, ServerStatus.Of(row), Attachable, "detach_interface");
            await ports.Release(tx, row.Id, port.Id);
            await tx.Db<ComputeDb>().DeviceTags.Where(t => t.ServerId == row.Id && t.Kind == DeviceTagRow.Port && t.DeviceId == port.Id).ExecuteDeleteAsync();
            ServerActionRow.Add(tx, row.Id, row.ProjectId, "detach_interface");
            tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { port = port.Id });
            tx.Wake(FleetWork.Host, row.HostId!);
        });
        return Answer.Accepted;
    }
}
