using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Events;

/// <summary>Other services' news of servers. What they tell is looked up again: the host's plan is assembled anew.</summary>
internal sealed class ExternalEventApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r) => r.Post("/os-server-external-events", "compute:manage_hosts", "server.external_event", Take);

    private sealed record Event(string ServerId, string Name, string Status, string? Tag);

    private static Event Read(Fields fields, Call call)
    {
        List<string> names = ["network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted"];
        if (call.AtLeast(51)) names.Add("volume-extended");
        if (call.AtLeast(76)) names.Add("power-update");
        if (call.AtLeast(82)) names.Add("accelerator-request-bound");
        if (call.AtLeast(93)) names.Add("volume-reimaged");
        var read = new Event(fields.IdOr("server_uuid") ?? throw CloudError.Invalid("'server_uuid' is a required property."), fields.OneOf("name", [.. names]) ?? throw CloudError.Invalid("'name' is a required property."),
            fields.OneOf("status", "completed", "failed", "in-progress") ?? "completed", fields.TextOr("tag"));
        fields.Done();
        return read;
    }

    private async Task<Answer> Take(Call call)
    {
        var body = await call.Body();
        var events = (body.ObjectsOr("events") ?? throw CloudError.Invalid("'events' is a required property.")).Select(e => Read(e, call)).ToList();
        body.Done();
        if (events.Count == 0) throw CloudError.Invalid("'events' must not be empty.");
        var ids = events.Select(e => e.ServerId).ToList();
        var known = await database.Write(call.Actor, async tx =>
        {
            var rows = await tx.Db<ComputeDb>().Servers.Where(s => ids.Contains(s.Id) && s.DeletedAt == null).ToDictionaryAsync(s => s.Id, s => s.HostId);
            foreach (var host in rows.Values.OfType<string>().Distinct()) tx.Wake(FleetWork.Host, host);
            foreach (var id in rows.Keys) tx.Wake(ServerStore.WorkKind, id);
            tx.Audit(call.Verb, "server", string.Join(',', rows.Keys.Take(10)), null, new { names = events.Select(e => e.Name).Distinct().ToArray() });
            return rows;
        });
        // 422: the server is on no host yet; 404: there is no such server. Nothing taken at all is 404 as a whole.
        if (known.Count == 0) throw CloudError.NotFound("No instances found for any event");
        var answers = events.Select(e => (Event: e, Code: !known.TryGetValue(e.ServerId, out var host) ? 404 : host is null ? 422 : 200)).ToList();
        return new Answer(answers.All(a => a.Code == 200) ? 200 : 207, new JsonObject { ["events"] = new JsonArray([.. answers.Select(a => Wire(a.Event, a.Code))]) });
    }

    private static JsonObject Wire(Event e, int code)
    {
        var body = new JsonObject { ["server_uuid"] = e.ServerId, ["name"] = e.Name, ["status"] = code == 200 ? e.Status : "failed", ["code"] = code };
        if (e.Tag is not null) body["tag"] = e.Tag;
        return body;
    }
}
