using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Routers;

internal sealed class RouterApi(Database database) : Resource<RouterRow>(database, "router", "routers")
{
    protected override Attributes<RouterRow> Attributes { get; } = new Attributes<RouterRow>()
        .Column("admin_state_up", "AdminStateUp")
        .Special("status", (_, rows, values) => rows.Where(r => r.Fault == null ? values.Contains("ACTIVE") : values.Contains("ERROR")))
        .Special("distributed", (_, rows, values) => values.Any(v => v is "false" or "False") ? rows : rows.Where(r => false))
        .Special("ha", (_, rows, values) => values.Any(v => v is "true" or "True") ? rows : rows.Where(r => false));

    public override void Map(Routes routes)
    {
        base.Map(routes);
        routes.Put("/routers/{id}/add_router_interface", "network:router:write", "router.add_interface", call => Leg(call, Interfaces.Add));
        routes.Put("/routers/{id}/remove_router_interface", "network:router:write", "router.remove_interface", call => Leg(call, Interfaces.Remove));
    }

    protected override IQueryable<RouterRow> Visible(Query q, Actor actor) => RouterStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Router(id);
    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<RouterRow> rows) => RouterWire.Show(q, rows);

    private async Task<Answer> Leg(Call call, Func<Tx, Actor, RouterRow, Fields, Task<JsonObject>> act)
    {
        var fields = await call.Body();
        return Answer.Ok(await Database.Write(call.Actor, async tx =>
        {
            var row = await Own(tx, call);
            var shown = await act(tx, call.Actor, row, fields);
            tx.Audit(call.Verb, "router", row.Id, row.ProjectId, new { subnet = shown["subnet_id"]!.GetValue<string>() });
            return shown;
        }, call.Stop));
    }

    protected override async Task<RouterRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        await NetworkQuota.Take(tx, projectId, "router");
        var row = new RouterRow { Id = Id.New(), ProjectId = projectId };
        await Apply(tx, actor, row, fields);
        await tx.Insert(row);
        tx.Wake(NetworkWork.Router, row.Id);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, RouterRow row, Fields fields)
    {
        await Apply(tx, actor, row, fields);
        await tx.Put(row);
        tx.Wake(NetworkWork.Router, row.Id);
    }

    private static async Task Apply(Tx tx, Actor actor, RouterRow row, Fields fields)
    {
        Shown.Naming(row, fields);
        row.AdminStateUp = fields.FlagOr("admin_state_up") ?? row.AdminStateUp;
        foreach (var (name, only) in new[] { ("distributed", false), ("ha", true) })
            if (fields.FlagOr(name) is { } flag && flag != only) throw CloudError.Invalid($"Invalid input for operation: '{name}' of a router is always {(only ? "true" : "false")} in this cloud.", "InvalidInput");
        if (fields.ItemsOr("availability_zone_hints") is { Count: > 0 }) throw CloudError.Invalid("Invalid input for operation: availability_zone_hints: routers of this cloud reach every zone; leave the list empty.", "InvalidInput");
        await Gateway.Apply(tx, actor, row, fields);
        if (fields.Has("routes")) row.Routes = JsonText.Write(await Routes(tx, row, fields));
        fields.Done();
    }

    /// <summary>The next hop of an extra route must lie on a subnet that the router is connected to.</summary>
    private static async Task<List<HostRoute>> Routes(Tx tx, RouterRow row, Fields fields)
    {
        var routes = SubnetRules.Routes(fields, "routes");
        var legs = await RouterStore.Legs(tx, row.Id, PortOwners.RouterInterface);
        legs.AddRange(await RouterStore.Legs(tx, row.Id, PortOwners.RouterGateway));
        foreach (var route in routes)
        {
            var hop = Ip.Of(route.Nexthop);
            if (!legs.Any(l => Cidr.Of(l.Subnet.Cidr).Holds(hop))) throw CloudError.Invalid($"Invalid format for routes: {route}, the nexthop is not connected with router", "InvalidRoutes");
            if (legs.Any(l => l.Address.Ip == route.Nexthop)) throw CloudError.Invalid($"Invalid format for routes: {route}, the nexthop is used by router", "InvalidRoutes");
        }
        return routes;
    }

    protected override async Task Remove(Tx tx, Actor actor, RouterRow row)
    {
        if (await tx.Db<NetworkDb>().Ports.AnyAsync(p => p.DeviceId == row.Id && p.DeviceOwner == PortOwners.RouterInterface))
            throw CloudError.Conflict($"Router {row.Id} still has ports", "RouterInUse");
        await Gateway.Clear(tx, row);
        await tx.Delete<RouterRow>(row.Id);
        tx.Wake(NetworkWork.Router, row.Id);
    }
}
