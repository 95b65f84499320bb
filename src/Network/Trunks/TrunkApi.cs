using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Trunks;

/// <summary>Trunks: one network card of a guest that reaches several networks, each under a VLAN.</summary>
internal sealed class TrunkApi(Database database) : Resource<TrunkRow>(database, "trunk", "trunks")
{
    protected override Attributes<TrunkRow> Attributes { get; } = new Attributes<TrunkRow>().Column("port_id", "PortId").Column("admin_state_up", "AdminStateUp");

    public override void Map(Routes routes)
    {
        base.Map(routes);
        routes.Get("/trunks/{id}/get_subports", "network:trunk:read", Subs);
        routes.Put("/trunks/{id}/add_subports", "network:trunk:write", "trunk.add_subports", call => Members(call, (tx, trunk, wanted) => Subports.Add(tx, call.Actor, trunk, wanted)));
        routes.Put("/trunks/{id}/remove_subports", "network:trunk:write", "trunk.remove_subports", call => Members(call, (tx, trunk, wanted) => Subports.Remove(tx, trunk, [.. wanted.Select(w => w.Text("port_id"))])));
    }

    protected override IQueryable<TrunkRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().Trunks.AsQueryable();
        return actor.IsAdmin ? rows : rows.Where(t => t.ProjectId == actor.ProjectId);
    }

    protected override CloudError Missing(string id) => NotFound.Of("TrunkNotFound", "Trunk", id);

    protected override async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<TrunkRow> rows)
    {
        var db = q.Db<NetworkDb>();
        var (ids, parents) = (rows.Select(r => r.Id).ToList(), rows.Select(r => r.PortId).ToList());
        var subports = (await db.Subports.Where(s => ids.Contains(s.TrunkId)).OrderBy(s => s.Vlan).ToListAsync()).ToLookup(s => s.TrunkId);
        var ports = await db.Ports.Where(p => parents.Contains(p.Id)).ToDictionaryAsync(p => p.Id);
        return [.. rows.Select(row =>
        {
            var shown = Shown.Common(row);
            shown["port_id"] = row.PortId;
            shown["admin_state_up"] = row.AdminStateUp;
            shown["status"] = row.AdminStateUp && ports.GetValueOrDefault(row.PortId)?.Status == "ACTIVE" ? "ACTIVE" : "DOWN";
            shown["sub_ports"] = Subports.Wire(subports[row.Id]);
            return shown;
        })];
    }

    protected override async Task<TrunkRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var parent = await PortStore.Find(tx, actor, fields.Text("port_id"));
        if (!actor.MaySee(parent.ProjectId)) throw CloudError.Forbidden($"The port {parent.Id} belongs to another project.", "PolicyNotAuthorized");
        await tx.Hold<PortRow>(parent.Id);
        await Subports.MustBeFree(tx, parent, asParent: true);
        var row = new TrunkRow { Id = Id.New(), ProjectId = projectId, PortId = parent.Id };
        var subports = fields.ObjectsOr("sub_ports") ?? [];
        Apply(row, fields);
        await tx.Insert(row);
        await Subports.Add(tx, actor, row, subports);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, TrunkRow row, Fields fields)
    {
        Apply(row, fields);
        await tx.Put(row);
        foreach (var subport in await Subports.Of(tx, row.Id)) tx.Wake(NetworkWork.Port, subport.PortId);
    }

    private static void Apply(TrunkRow row, Fields fields)
    {
        Shown.Naming(row, fields);
        row.AdminStateUp = fields.FlagOr("admin_state_up") ?? row.AdminStateUp;
        fields.Done();
    }

    protected override async Task Remove(Tx tx, Actor actor, TrunkRow row)
    {
        if (await tx.Db<NetworkDb>().Ports.AnyAsync(p => p.Id == row.PortId && p.HostId != null)) throw CloudError.Conflict($"Trunk {row.Id} is currently in use.", "TrunkInUse");
        await Subports.Remove(tx, row, [.. (await Subports.Of(tx, row.Id)).Select(s => s.PortId)]);
        await tx.Delete<TrunkRow>(row.Id);
    }

    private Task<Answer> Subs(Call call) => Database.Read(async q =>
    {
        var id = call["id"];
        if (!await Visible(q, call.Actor).AnyAsync(t => t.Id == id)) throw Missing(id);
        return Answer.Ok(new JsonObject { ["sub_ports"] = Subports.Wire(await Subports.Of(q, id)) });
    });

    private async Task<Answer> Members(Call call, Func<Tx, TrunkRow, IReadOnlyList<Fields>, Task> change)
    {
        var body = await call.Body();
        var wanted = body.ObjectsOr("sub_ports") ?? throw CloudError.Invalid("Invalid input: the body must be {\"sub_ports\": [...]}.", "HTTPBadRequest");
        body.Done();
        return Answer.Ok(await Database.Write(call.Actor, async tx =>
        {
            var row = await Own(tx, call);
            await change(tx, row, wanted);
            await tx.Put(row);
            tx.Audit(call.Verb, "trunk", row.Id, row.ProjectId, new { ports = wanted.Count });
            return (await Show(tx, call.Actor, [row]))[0];
        }));
    }
}
