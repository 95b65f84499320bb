using System.Text.Json.Nodes;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Consoles;

internal sealed class ConsoleAction(Database database, IHostLink link, ConsoleSeal seal, ComputeOptions options, CatalogOptions catalog)
{
    public async Task<Answer> Output(Call call, Fields? how)
    {
        var length = how?.NumberOr("length", -1, int.MaxValue);
        how?.Done();
        var row = await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        if (row.HostId is null) throw CloudError.Conflict($"Instance {row.Id} has no console: it never ran on a host.");
        if (length == 0) return Answer.Ok(new JsonObject { ["output"] = "" });
        return Answer.Ok(new JsonObject { ["output"] = await link.ConsoleLog(row.HostId, row.Id, (int)Math.Max(0, length ?? 0), call.Stop) });
    }

    public async Task<Answer> Vnc(Call call, Fields how)
    {
        var type = how.OneOf("type", "novnc") ?? throw CloudError.Invalid("'type' is a required property.");
        how.Done();
        if (options.Novnc is null) throw CloudError.Unavailable("Graphic consoles are not set up: the server's configuration has no 'novnc' directory.");
        var token = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.Find(tx, tx.Actor, call["id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "PAUSED", "REBOOT", "HARD_REBOOT"], "get console");
            tx.Audit("server.console", "server", row.Id, row.ProjectId, new { type });
            return seal.Seal(tx.Actor, row.Id, "vnc");
        });
        return Answer.Ok(new JsonObject { ["console"] = new JsonObject { ["type"] = type, ["url"] = $"{catalog.PublicUrl}/xiangyun/console/vnc?token={token}" } });
    }
}
