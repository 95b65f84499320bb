using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Trunks;

/// <summary>Puts ports onto a trunk and takes them off, and keeps ports of trunks from being deleted.</summary>
internal static class Subports
{
    public const string Owner = "trunk:subport";

    public static Task<List<SubportRow>> Of(Query q, string trunkId) => q.Db<NetworkDb>().Subports.Where(s => s.TrunkId == trunkId).OrderBy(s => s.Vlan).ToListAsync();

    public static JsonArray Wire(IEnumerable<SubportRow> rows) =>
        new([.. rows.Select(s => new JsonObject { ["port_id"] = s.PortId, ["segmentation_type"] = "vlan", ["segmentation_id"] = s.Vlan })]);

    /// <summary>What a port's plan says of the trunk that carries it.</summary>
    public static async Task<(string Parent, int Vlan)?> Carrier(Query q, string portId)
    {
        var db = q.Db<NetworkDb>();
        var found = await (from s in db.Subports join t in db.Trunks on s.TrunkId equals t.Id where s.PortId == portId && t.AdminStateUp select new { t.PortId, s.Vlan }).SingleOrDefaultAsync();
        return found is null ? null : (found.PortId, found.Vlan);
    }

    public static async Task Add(Tx tx, Actor actor, TrunkRow trunk, IReadOnlyList<Fields> wanted)
    {
        var db = tx.Db<NetworkDb>();
        foreach (var one in wanted)
        {
            var (id, type, vlan) = (one.Text("port_id"), one.OneOf("segmentation_type", "vlan"), one.NumberOr("segmentation_id", 1, 4094));
            one.Done();
            if (type is null || vlan is null) throw CloudError.Invalid("Invalid input for sub_ports. Reason: each needs segmentation_type 'vlan' and a segmentation_id of 1 to 4094.", "HTTPBadRequest");
            await PortStore.Find(tx, actor, id);
            var port = (await tx.Hold<PortRow>(id))!;
            if (!actor.MaySee(port.ProjectId)) throw CloudError.Forbidden($"The port {id} belongs to another project.", "PolicyNotAuthorized");
            await MustBeFree(tx, port);
            if (await db.Subports.AnyAsync(s => s.TrunkId == trunk.Id && s.Vlan == vlan))
                throw CloudError.Conflict($"segmentation_type vlan and segmentation_id {vlan} already in use on trunk {trunk.Id}.", "DuplicateSubPort");
            db.Add(new SubportRow { PortId = id, TrunkId = trunk.Id, Vlan = (int)vlan });
            (port.DeviceOwner, port.DeviceId) = (Owner, trunk.Id);
            await tx.Put(port);
            PortStore.Wake(tx, port);
        }
    }

    public static async Task Remove(Tx tx, TrunkRow trunk, IReadOnlyCollection<string> ports)
    {
        foreach (var id in ports)
        {
            if (await tx.Db<NetworkDb>().Subports.Where(s => s.TrunkId == trunk.Id && s.PortId == id).ExecuteDeleteAsync() == 0)
                throw CloudError.NotFound($"SubPort on trunk {trunk.Id} with parent port {id} could not be found.", "SubPortNotFound");
            if (await tx.Hold<PortRow>(id) is not { } port) continue;
            (port.DeviceOwner, port.DeviceId) = ("", "");
            await tx.Put(port);
            PortStore.Wake(tx, port);
        }
    }

    /// <summary>A port is in one trunk at most, as its parent or below it, and a port that a server has is no subport.</summary>
    public static async Task MustBeFree(Tx tx, PortRow port, bool asParent = false)
    {
        await MustNotBeIn(tx, port.Id);
        if (!asParent && port.HostId is not null) throw CloudError.Conflict($"Port {port.Id} is in use by another trunk or is bound to a host.", "PortInUseAsTrunkParent");
    }

    public static async Task MustNotBeIn(Query q, string portId)
    {
        var db = q.Db<NetworkDb>();
        if (await db.Trunks.Where(t => t.PortId == portId).Select(t => t.Id).SingleOrDefaultAsync() is { } parent) throw CloudError.Conflict($"Port {portId} is currently a parent port for trunk {parent}.", "PortInUseAsTrunkParent");
        if (await db.Subports.Where(s => s.PortId == portId).Select(s => s.TrunkId).SingleOrDefaultAsync() is { } trunk) throw CloudError.Conflict($"Port {portId} is currently a subport for trunk {trunk}.", "PortInUseAsSubPort");
    }
}
