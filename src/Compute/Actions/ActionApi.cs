using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Consoles;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>POST /servers/{id}/action: one member names the action. Each changes only the desire; the host follows.</summary>
internal sealed class ActionApi(Database database, PowerActions power, RebuildAction rebuild, ConsoleAction consoles, ServerRemoval removal, Snapshot snapshot, GroupActions groups) : IApi
{
    /// <summary>Nova's clients know them: 501 tells more than that there is no such action.</summary>
    private static readonly string[] NotOffered =
    [
        "resize", "confirmResize", "revertResize", "migrate", "os-migrateLive", "evacuate", "rescue", "unrescue", "shelve", "unshelve", "shelveOffload", "restore", "changePassword", "createBackup",
    ];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Post("/servers/{id}/action", "compute:write", "server.action", Act);
        r.Get("/servers/{id}/os-instance-actions", "compute:read", List);
        r.Get("/servers/{id}/os-instance-actions/{request_id}", "compute:read", Show);
    }

    private async Task<Answer> Act(Call call)
    {
        var body = await call.Body();
        var names = body.Names.ToList();
        if (names.Count != 1) throw CloudError.Invalid("Invalid input: the body must have exactly one member, the name of the action.");
        var name = names[0];
        // Hidden servers are 404 before anything is said about the action.
        await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        switch (name)
        {
            case "os-start" or "os-stop" or "pause" or "unpause" or "suspend" or "resume" or "reboot" or "lock" or "unlock" or "os-resetState":
                await database.Write(call.Actor, tx => power.Do(tx, call["id"], name, body));
                return Answer.Accepted;
            case "rebuild":
                return await rebuild.Do(call, body.Object(name));
            case "os-getConsoleOutput":
                return await consoles.Output(call, body.ObjectOr(name));
            case "os-getVNCConsole":
                return await consoles.Vnc(call, body.Object(name));
            case "addSecurityGroup" or "removeSecurityGroup":
                await database.Write(call.Actor, tx => groups.Do(tx, call["id"], name, body.Object(name)));
                return Answer.Accepted;
            case "createImage":
                return await snapshot.Do(call, body.Object(name));
            case "forceDelete":
                await database.Write(call.Actor, async tx => await removal.Want(tx, await ServerStore.ForChange(tx, call["id"]), "server.delete"));
                return Answer.Accepted;
            default:
                if (NotOffered.Contains(name)) throw new CloudError(ErrorKind.Invalid, $"The action {name} is not offered by this cloud.") { Status = 501 };
                throw CloudError.Invalid($"There is no such action: {(name.Length > 80 ? name[..80] : name)}");
        }
    }

    private static JsonObject Wire(ServerActionRow a) => new()
    {
        ["action"] = a.Action, ["instance_uuid"] = a.ServerId, ["request_id"] = a.RequestId, ["user_id"] = a.UserId, ["project_id"] = a.ProjectId,
        ["start_time"] = Clock.Micros(a.StartedAt), ["message"] = a.Message,
    };

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        var rows = await q.Db<ComputeDb>().Actions.Where(a => a.ServerId == row.Id).OrderByDescending(a => a.Id).Take(1000).ToListAsync();
        return Answer.Ok(new JsonObject { ["instanceActions"] = new JsonArray([.. rows.Select(Wire)]) });
    });

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var (row, requestId) = (await ServerStore.Find(q, call.Actor, call["id"]), call["request_id"]);
        var action = await q.Db<ComputeDb>().Actions.FirstOrDefaultAsync(a => a.ServerId == row.Id && a.RequestId == requestId) ?? throw CloudError.NotFound($"Action for request_id {requestId} on instance {row.Id} not found");
        var body = Wire(action);
        if (call.Actor.IsAdmin) body["events"] = new JsonArray();
        return Answer.Ok(new JsonObject { ["instanceAction"] = body });
    });
}
