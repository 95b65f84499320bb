using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Groups;
using Xiangyun.Compute.Quotas;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

internal sealed class ServerApi(Database database, ServerBuilder builder, ServerFilters filters, ServerView view, ServerRecycling recycling, IAllocations allocations, GroupPlacement groups) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers", "compute:read", call => List(call, detail: false));
        r.Get("/servers/detail", "compute:read", call => List(call, detail: true));
        r.Post("/servers", "compute:create", "server.create", Create);
        r.Get("/servers/{id}", "compute:read", Show);
        r.Put("/servers/{id}", "compute:write", "server.update", Update);
        r.Delete("/servers/{id}", "compute:write", "server.delete", call => Delete(call));
        r.Get("/servers/{id}/ips", "compute:read", Ips);
        r.Get("/servers/{id}/ips/{network}", "compute:read", Ips);
    }

    private Task<Answer> List(Call call, bool detail) => database.Read(async q =>
    {
        var sort = ServerSort.Of(call);
        var rows = await filters.Rows(q, call);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(s => s.Id == m) ?? throw Nova.BadMarker(m) : null;
        var slice = await rows.Paged(sort, page, mark);
        if (!detail) return Answer.Ok(Nova.List(call, "servers", slice, s => ServerWire.Short(s, call), s => s.Id));
        return ServerWire.Page(slice, await view.Around(q, slice.Rows, call), call);
    });

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(await Body(q, call, Shape.Show)));

    private async Task<JsonObject> Body(Query q, Call call, Shape shape)
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        return new JsonObject { ["server"] = ServerWire.Of(row, await view.Around(q, [row], call), call, shape) };
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var fields = body.Object("server");
        var hints = body.ObjectOr("os:scheduler_hints") ?? body.ObjectOr("OS-SCH-HNT:scheduler_hints");
        body.ObjectOr("OS-SCH-HNT:scheduler_hints");
        body.Done();
        var extras = ServerExtras.Read(fields, hints, call);
        var request = ServerRequest.Read(fields, call) with { Extras = extras };
        if (call.Actor.ProjectId is null) throw CloudError.Forbidden("Servers belong to a project: use a token that is scoped to one.");
        if (call.WantsReasons) call.Explain(await Reasons(call, request));
        var rows = await Make(call, request);
        if (request.ReturnReservation) return Answer.AcceptedWith(new JsonObject { ["reservation_id"] = rows[0].ReservationId });
        var answer = new JsonObject
        {
            ["id"] = rows[0].Id, ["links"] = Nova.Links(call, "/servers/" + rows[0].Id), ["OS-DCF:diskConfig"] = extras.DiskConfig, ["adminPass"] = request.AdminPassword,
            ["security_groups"] = new JsonArray([.. (request.SecurityGroups ?? ["default"]).Select(g => new JsonObject { ["name"] = g })]),
        };
        return Answer.AcceptedWith(new JsonObject { ["server"] = answer }).With("Location", call.Link("/compute/v2.1/servers/" + rows[0].Id));
    }

    /// <summary>A part that the request names and that is not there is a bad request: what was asked for is /servers, which is there.</summary>
    private async Task<IReadOnlyList<ServerRow>> Make(Call call, ServerRequest request)
    {
        try
        {
            return await database.Write(call.Actor, tx => builder.Create(tx, request, call.Verb));
        }
        catch (CloudError e) when (e.Kind == ErrorKind.NotFound)
        {
            throw CloudError.Invalid(e.Message);
        }
    }

    /// <summary>A-N1: what would be made, what is left of the quota, and what each host says. Changes nothing.</summary>
    private Task<object> Reasons(Call call, ServerRequest request) => database.Read(async q =>
    {
        var plan = await builder.Check(q, call.Actor, request);
        var demand = await groups.ForNew(q, call.Actor, plan.Demand, request.Extras.Hints);
        var verdicts = await allocations.Explain(q, demand);
        var (limits, used) = (await ComputeQuota.Limits(q, call.Actor.ProjectId!), await ComputeQuota.Used(q, call.Actor.ProjectId!));
        object Left(string name, long taken, long wanted) => new { limit = limits[name], used = taken, wanted, fits = limits[name] < 0 || taken + wanted <= limits[name] };
        var told = Explained.Of(allocations, call.Actor, verdicts);
        return (object)new
        {
            told.Placeable, told.Message, told.Fitting, told.Looked, told.Reasons, told.Hosts,
            will_make = new { servers = request.Max, vcpus = plan.Flavor.Vcpus * request.Max, ram_mib = plan.Flavor.RamMib * request.Max, disk_gib = plan.Flavor.DiskGib * request.Max },
            quota = new { instances = Left("instances", used.Instances, request.Max), cores = Left("cores", used.Cores, plan.Flavor.Vcpus * request.Max), ram = Left("ram", used.Ram, plan.Flavor.RamMib * request.Max) },
        };
    });

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("server");
        var name = body.TextOr("name", 1)?.Trim();
        if (name is { Length: 0 }) throw CloudError.Invalid("Invalid input for field/attribute name. It must not be blank.");
        var v4 = body.Has("accessIPv4") ? ServerRequest.Address(body, "accessIPv4", 4) : null;
        var v6 = body.Has("accessIPv6") ? ServerRequest.Address(body, "accessIPv6", 6) : null;
        var disk = body.OneOf("OS-DCF:diskConfig", "AUTO", "MANUAL");
        var describes = call.AtLeast(19) && body.Has("description");
        var description = describes ? body.TextOr("description") : null;
        var hostname = call.AtLeast(90) ? ServerExtras.Host(body) : null;
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"], evenLocked: true);
            await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Name, name ?? row.Name).SetProperty(x => x.AccessIpv4, v4 ?? row.AccessIpv4)
                .SetProperty(x => x.AccessIpv6, v6 ?? row.AccessIpv6).SetProperty(x => x.DiskConfig, disk ?? row.DiskConfig).SetProperty(x => x.Description, describes ? description : row.Description)
                .SetProperty(x => x.Hostname, hostname ?? row.Hostname).SetProperty(x => x.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { before = row.Name, after = name });
            if (row.HostId is { } host) tx.Wake(Fleet.Public.FleetWork.Host, host);
        });
        return await database.Read(async q => Answer.Ok(await Body(q, call, Shape.Update)));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx => await recycling.Delete(tx, await ServerStore.ForChange(tx, call["id"], evenRecycled: true), call.Verb));
        return Answer.NoContent;
    }

    private Task<Answer> Ips(Call call) => database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        var addresses = ServerWire.Addresses((await view.Around(q, [row])).Ports[row.Id]);
        if (call.Http.Request.RouteValues["network"] is not string network) return Answer.Ok(new JsonObject { ["addresses"] = addresses });
        return addresses[network] is { } one ? Answer.Ok(new JsonObject { [network] = one.DeepClone() }) : throw CloudError.NotFound($"Network {network} not found on this server.");
    });
}
