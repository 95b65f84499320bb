using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Events;

/// <summary>What was done to a server, newest first; since 2.21 of deleted ones too.</summary>
internal sealed class InstanceActionApi(Database database, IHosts hosts) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers/{id}/os-instance-actions", "compute:read", List);
        r.Get("/servers/{id}/os-instance-actions/{request_id}", "compute:read", Show);
    }

    private static async Task<ServerRow> Server(Query q, Call call)
    {
        if (!call.AtLeast(21)) return await ServerStore.Find(q, call.Actor, call["id"]);
        var id = call["id"];
        return await q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == id) is { } row && call.Actor.MaySee(row.ProjectId) ? row : throw ServerStore.Missing(id);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 58, ["limit", "marker", "changes-since", .. call.AtLeast(66) ? ["changes-before"] : Array.Empty<string>()]);
        var row = await Server(q, call);
        var rows = q.Db<ComputeDb>().Actions.Where(a => a.ServerId == row.Id);
        var page = call.AtLeast(58) ? call.Page() : Page.First;
        if (call.AtLeast(58))
        {
            var (since, before) = ServerTimes.Period(call);
            if (since is { } from) rows = rows.Where(a => (a.FinishedAt ?? a.StartedAt) >= from);
            if (before is { } to) rows = rows.Where(a => (a.FinishedAt ?? a.StartedAt) <= to);
            if (page.Marker is { } marker)
            {
                var mark = await rows.Where(a => a.RequestId == marker).OrderBy(a => a.Id).FirstOrDefaultAsync() ?? throw Nova.BadMarker(marker);
                rows = rows.Where(a => string.Compare(a.Id, mark.Id) < 0);
            }
        }
        var found = await rows.OrderByDescending(a => a.Id).Take(page.Limit + 1).ToListAsync();
        var slice = found.Count > page.Limit ? new Slice<ServerActionRow>(found[..page.Limit], page.Limit > 0) : new Slice<ServerActionRow>(found, false);
        var body = Nova.List(call, "instanceActions", slice, a => Wire(a, call), a => a.RequestId);
        if (slice.More) body["links"] = body["instanceActions_links"]!.DeepClone();
        body.Remove("instanceActions_links");
        return Answer.Ok(body);
    });

    private static JsonObject Wire(ServerActionRow a, Call call)
    {
        var body = new JsonObject
        {
            ["action"] = a.Action, ["instance_uuid"] = a.ServerId, ["request_id"] = a.RequestId, ["user_id"] = a.UserId, ["project_id"] = a.ProjectId,
            ["start_time"] = Clock.Micros(a.StartedAt), ["message"] = a.Message,
        };
        if (call.AtLeast(58)) body["updated_at"] = Clock.Micros(a.FinishedAt ?? a.StartedAt);
        return body;
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var (row, requestId) = (await Server(q, call), call["request_id"]);
        var action = await q.Db<ComputeDb>().Actions.Where(a => a.ServerId == row.Id && a.RequestId == requestId).OrderBy(a => a.Id).FirstOrDefaultAsync() ?? throw CloudError.NotFound($"Action for request_id {requestId} on instance {row.Id} not found");
        var body = Wire(action, call);
        if (call.Actor.IsAdmin || call.AtLeast(51)) body["events"] = new JsonArray(Event(action, row, row.HostId is { } id ? await hosts.Find(q, id) : null, call));
        return Answer.Ok(new JsonObject { ["instanceAction"] = body });
    });

    /// <summary>What the host did for it. One event for each action: this cloud's hosts are told a state, not steps.</summary>
    private static JsonObject Event(ServerActionRow a, ServerRow server, HostView? host, Call call)
    {
        var fault = a.Message ?? (a.FinishedAt is null ? server.Fault ?? server.SeenFault : null);
        var body = new JsonObject
        {
            ["event"] = a.Action switch { "create" => "compute__do_build_and_run_instance", "delete" => "compute_terminate_instance", "extend_volume" => "compute_extend_volume", _ => $"compute_{a.Action.Replace('-', '_')}_instance" },
            ["start_time"] = Clock.Micros(a.StartedAt), ["finish_time"] = Clock.Micros(a.FinishedAt), ["result"] = fault is not null ? "Error" : a.FinishedAt is null ? null : "Success",
        };
        if (call.Actor.IsAdmin) body["traceback"] = a.Details ?? fault;
        if (call.AtLeast(62))
        {
            body["hostId"] = host is null ? "" : ServerWire.HostId(server.ProjectId, host.Name);
            if (call.Actor.IsAdmin && host is not null) body["host"] = host.Name;
        }
        if (call.AtLeast(84)) body["details"] = fault;
        return body;
    }
}
