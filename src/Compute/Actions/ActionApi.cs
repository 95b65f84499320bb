using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Consoles;
using Xiangyun.Compute.Proxies;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>POST /servers/{id}/action: one member names the action. Each changes only the desire; the host follows.</summary>
internal sealed class ActionApi(Database database, PowerActions power, RebuildAction rebuild, ConsoleAction consoles, ServerRemoval removal, Snapshot snapshot, GroupActions groups, FloatingIpActions floatingIps) : IApi
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
            case "addFloatingIp" or "removeFloatingIp" when !call.AtLeast(44):
                return await floatingIps.Do(call, name, body.Object(name));
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
}
