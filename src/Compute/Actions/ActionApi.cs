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
internal sealed class ActionApi(Database database, PowerActions power, RebuildAction rebuild, ConsoleAction consoles, ServerRemoval removal, ServerRecycling recycling, Snapshot snapshot, GroupActions groups,
    ResizeActions resizes, MoveActions moves, RescueActions rescues, ShelveActions shelves, AddressActions addresses, GuestActions guests) : IApi
{
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
            case "os-getVNCConsole" or "os-getSerialConsole" or "os-getSPICEConsole" or "os-getRDPConsole":
                return await consoles.Old(call, name, body.Object(name));
            case "addSecurityGroup" or "removeSecurityGroup":
                await database.Write(call.Actor, tx => groups.Do(tx, call["id"], name, body.Object(name)));
                return Answer.Accepted;
            case "createImage":
                return await snapshot.Do(call, body.Object(name));
            case "createBackup":
                return await snapshot.Backup(call, body.Object(name));
            case "forceDelete":
                await database.Write(call.Actor, async tx => await removal.Want(tx, await ServerStore.ForChange(tx, call["id"], evenRecycled: true), "server.delete"));
                return Answer.Accepted;
            case "restore":
                await database.Write(call.Actor, async tx => await recycling.Restore(tx, await ServerStore.ForChange(tx, call["id"], evenRecycled: true)));
                return Answer.Accepted;
            case "resetNetwork" or "injectNetworkInfo":
                await database.Write(call.Actor, tx => AdminActions.OldNetwork(tx, call["id"], name));
                return Answer.Accepted;
            case "changePassword" or "trigger_crash_dump":
                return await guests.Do(call, name, body);
            case "addFixedIp" or "removeFixedIp" or "addFloatingIp" or "removeFloatingIp":
                if (call.AtLeast(44)) throw CloudError.Invalid($"The action {name} ended with microversion 2.43: use the network service.");
                await database.Write(call.Actor, tx => addresses.Do(tx, call["id"], name, body.Object(name)));
                return Answer.Accepted;
            case "rescue":
                var password = await database.Write(call.Actor, tx => rescues.Rescue(tx, call, body.ObjectOr(name)));
                return Answer.Ok(new JsonObject { ["adminPass"] = password });
            case "os-migrateLive" or "migrate" or "evacuate":
                return await Move(call, name, body);
            default:
                await database.Write(call.Actor, tx => Change(tx, call, name, body));
                return name == "confirmResize" ? Answer.NoContent : Answer.Accepted;
        }
    }

    private Task Change(Tx tx, Call call, string name, Fields body) => name switch
    {
        "resize" => resizes.Resize(tx, call["id"], body.Object(name)),
        "confirmResize" => resizes.Confirm(tx, call["id"]),
        "revertResize" => resizes.Revert(tx, call["id"]),
        "unrescue" => RescueActions.Unrescue(tx, call["id"]),
        "shelve" => shelves.Shelve(tx, call["id"]),
        "shelveOffload" => shelves.Offload(tx, call["id"]),
        "unshelve" => shelves.Unshelve(tx, call, body.ObjectOr(name)),
        _ => throw CloudError.Invalid($"There is no such action: {(name.Length > 80 ? name[..80] : name)}"),
    };

    /// <summary>Only administrators know of hosts.</summary>
    private async Task<Answer> Move(Call call, string name, Fields body)
    {
        AdminActions.Only(call.Actor, name switch { "migrate" => "os-migrate-server:migrate", "evacuate" => "os-evacuate", _ => "os-migrate-server:migrate_live" });
        if (name == "migrate")
        {
            var how = call.AtLeast(56) ? body.ObjectOr(name) : null;
            var host = how?.TextOr("host", 1);
            how?.Done();
            await database.Write(call.Actor, tx => resizes.Migrate(tx, call["id"], host));
            return Answer.Accepted;
        }
        var inner = body.Object(name);
        if (name == "os-migrateLive")
        {
            await database.Write(call.Actor, tx => moves.Live(tx, call, inner));
            return Answer.Accepted;
        }
        var password = inner.TextOr("adminPass") ?? Password.Make();
        await database.Write(call.Actor, tx => moves.Evacuate(tx, call, inner));
        return call.AtLeast(14) ? new Answer(200) : Answer.Ok(new JsonObject { ["adminPass"] = password });
    }
}
