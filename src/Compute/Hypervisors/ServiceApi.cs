using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>nova-compute on each host: shown, enabled and disabled, and declared down; by name before 2.53 and by id since.</summary>
internal sealed class ServiceApi(Database database, ComputeHosts hosts, IHosts fleet) : IApi
{
    private const string Binary = "nova-compute";

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-services", "compute:hypervisors", List);
        r.Put("/os-services/{id}", "compute:manage_hosts", "host.update", call => call.AtLeast(53) ? ById(call) : ByName(call, call["id"]));
        r.Delete("/os-services/{id}", "compute:manage_hosts", "host.delete", _ => throw CloudError.Conflict("A host is taken out with DELETE /xiangyun/v1/hosts/{id}, which looks first whether anything is left on it."));
    }

    private static JsonObject Wire(ComputeHost h, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = call.AtLeast(53) ? h.ServiceId : h.Number, ["binary"] = Binary, ["host"] = h.Host.Name, ["zone"] = h.Host.Zone, ["state"] = h.State, ["status"] = h.Status,
            ["updated_at"] = h.Host.SeenAt == 0 ? null : Clock.Micros(h.Host.SeenAt), ["disabled_reason"] = h.Host.DisabledReason,
        };
        if (call.AtLeast(11)) body["forced_down"] = h.ForcedDown;
        return body;
    }

    private async Task<Answer> List(Call call)
    {
        Nova.OnlyQuery(call, 75, "host", "binary");
        var found = (await hosts.All()).Where(h => (call.QueryOr("host") is not { } name || h.IsCalled(name)) && call.QueryOr("binary") is null or Binary);
        return Answer.Ok(new JsonObject { ["services"] = new JsonArray([.. found.Select(h => Wire(h, call))]) });
    }

    private async Task<Answer> ById(Call call)
    {
        var body = await call.Body();
        var (status, reason, down) = (body.OneOf("status", "enabled", "disabled"), body.TextOr("disabled_reason", 1), body.FlagOr("forced_down"));
        body.Done();
        if (status is null && down is null) throw CloudError.Invalid("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
        if (reason is not null && status != "disabled") throw CloudError.Invalid("Specifying 'disabled_reason' when status is 'enabled' or not given is invalid.");
        var host = (await hosts.All()).FirstOrDefault(h => h.ServiceId == call["id"]) ?? throw CloudError.NotFound($"Service {call["id"]} not found.");
        await Change(call, host, status, reason, down);
        return Answer.Ok(new JsonObject { ["service"] = Wire(await hosts.Named(host.Host.Name), call) });
    }

    private async Task<Answer> ByName(Call call, string action)
    {
        var body = await call.Body();
        var (name, binary, reason, down) = (body.Text("host", 1), body.Text("binary", 1), body.TextOr("disabled_reason", 1), call.AtLeast(11) ? body.FlagOr("forced_down") : null);
        body.Done();
        if (action is not ("enable" or "disable" or "disable-log-reason") && !(action == "force-down" && call.AtLeast(11))) throw CloudError.NotFound($"Unknown action {action}");
        if (action == "disable-log-reason" && reason is null) throw CloudError.Invalid("Missing disabled reason field");
        if (action == "force-down" && down is null) throw CloudError.Invalid("Missing forced_down field");
        if (binary != Binary) throw CloudError.NotFound($"Could not find binary {binary} on host {name}.");
        var host = await hosts.Named(name);
        await Change(call, host, action switch { "enable" => "enabled", "force-down" => null, _ => "disabled" }, reason, down);
        var answer = new JsonObject { ["host"] = host.Host.Name, ["binary"] = Binary };
        if (action == "force-down") answer["forced_down"] = down;
        else answer["status"] = action == "enable" ? "enabled" : "disabled";
        if (action == "disable-log-reason") answer["disabled_reason"] = reason;
        return Answer.Ok(new JsonObject { ["service"] = answer });
    }

    private Task Change(Call call, ComputeHost host, string? status, string? reason, bool? down) => database.Write(call.Actor, async tx =>
    {
        if (status is not null) await fleet.Change(tx, host.Id, enabled: status == "enabled", reason: reason);
        if (down is not null) await tx.Db<ComputeDb>().ComputeHosts.Where(h => h.HostId == host.Id).ExecuteUpdateAsync(s => s.SetProperty(h => h.ForcedDown, down.Value));
        tx.Audit(call.Verb, "host", host.Id, null, new { host.Host.Name, status, reason, forced_down = down });
    });
}
