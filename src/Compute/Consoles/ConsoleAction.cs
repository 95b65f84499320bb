using System.Text.Json.Nodes;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Consoles;

/// <summary>What a guest wrote on its console, and URLs of its graphic and its serial console; one action for each until 2.5, remote-consoles after.</summary>
internal sealed class ConsoleAction(Database database, IHostLink link, ConsoleSeal seal, ComputeOptions options, CatalogOptions catalog) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r) => r.Post("/servers/{id}/remote-consoles", "compute:write", "server.console", Remote);

    public async Task<Answer> Output(Call call, Fields? how)
    {
        var length = how?.NumberOr("length", -1, int.MaxValue);
        how?.Done();
        var row = await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        if (row.HostId is null) throw CloudError.Conflict($"Instance {row.Id} has no console: no host has it.");
        if (length == 0) return Answer.Ok(new JsonObject { ["output"] = "" });
        var text = await link.ConsoleLog(row.HostId, row.Id, (int)Math.Max(0, length ?? 0), call.Stop);
        // Nova counts what stands after the last line's end as one more line, and clients count like it.
        return Answer.Ok(new JsonObject { ["output"] = length is > 0 ? string.Join('\n', text.Split('\n').TakeLast((int)length.Value)) : text });
    }

    public async Task<Answer> Old(Call call, string action, Fields how)
    {
        if (call.AtLeast(6)) throw CloudError.Invalid($"There is no such action: {action}. From 2.6 on it is POST /servers/{{id}}/remote-consoles.");
        var (kind, wanted) = action switch { "os-getVNCConsole" => ("vnc", "novnc"), "os-getSerialConsole" => ("serial", "serial"), _ => ("", "") };
        var type = how.Text("type", 1);
        how.Done();
        if (type != wanted) throw Unavailable(type);
        return Answer.Ok(new JsonObject { ["console"] = new JsonObject { ["type"] = type, ["url"] = await Url(call, kind) } });
    }

    private async Task<Answer> Remote(Call call)
    {
        if (!call.AtLeast(6)) throw CloudError.NotFound("The resource could not be found: remote-consoles exist from microversion 2.6 on.");
        var body = await call.Body("remote_console");
        var protocol = body.OneOf("protocol", "vnc", "spice", "rdp", "serial", "mks") ?? throw CloudError.Invalid("'protocol' is a required property.");
        var type = body.OneOf("type", "novnc", "xvpvnc", "spice-html5", "rdp-html5", "serial", "webmks") ?? throw CloudError.Invalid("'type' is a required property.");
        body.Done();
        await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        if ((protocol, type) is not (("vnc", "novnc") or ("serial", "serial"))) throw Unavailable(type);
        return Answer.Ok(new JsonObject { ["remote_console"] = new JsonObject { ["protocol"] = protocol, ["type"] = type, ["url"] = await Url(call, protocol) } });
    }

    private static CloudError Unavailable(string type) => CloudError.Invalid($"Unavailable console type {type}: this cloud has novnc and serial.");

    private async Task<string> Url(Call call, string kind)
    {
        if (kind == "vnc" && options.Novnc is null) throw CloudError.Unavailable("Graphic consoles are not set up: the server's configuration has no 'novnc' directory.");
        var token = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.Find(tx, tx.Actor, call["id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "PAUSED", "REBOOT", "HARD_REBOOT", "RESCUE", "VERIFY_RESIZE"], "get console");
            tx.Audit("server.console", "server", row.Id, row.ProjectId, new { kind });
            return seal.Seal(tx.Actor, row.Id, kind);
        });
        return catalog.PublicUrl + ConsolePages.Path(kind, token);
    }
}
