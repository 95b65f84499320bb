using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// What is done to a running guest at once and leaves no desire behind: a new password through the agent inside it, and the
/// interrupt that makes its kernel write a crash dump. The host answers whether it worked.
/// </summary>
internal sealed class GuestActions(Database database, IHostLink link)
{
    public async Task<Answer> Do(Call call, string action, Fields body)
    {
        var request = action == "changePassword" ? Password(body.Object(action)) : Dump(call, body);
        var row = await database.Write(call.Actor, async tx =>
        {
            var found = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(found, ServerStatus.Of(found), action == "changePassword" ? ["ACTIVE"] : ["ACTIVE", "PAUSED", "RESCUE"], action);
            ServerActionRow.Add(tx, found.Id, found.ProjectId, action);
            tx.Audit(action == "changePassword" ? "server.change_password" : "server.trigger_crash_dump", "server", found.Id, found.ProjectId);
            return found;
        });
        request.ServerId = row.Id;
        if (await link.Guest(row.HostId!, request, call.Stop) is { Length: > 0 } why) throw CloudError.Conflict($"{action} did not work on server {row.Id}: {why}");
        return Answer.Accepted;
    }

    private static GuestRequest Password(Fields how)
    {
        var password = how.Text("adminPass", 1);
        how.Done();
        return new GuestRequest { Verb = "password", User = "root", Password = password };
    }

    private static GuestRequest Dump(Call call, Fields body)
    {
        if (!call.AtLeast(17)) throw CloudError.Invalid("There is no such action: trigger_crash_dump. It exists from microversion 2.17 on.");
        if (body.ObjectOr("trigger_crash_dump") is { } how) how.Done();
        return new GuestRequest { Verb = "nmi" };
    }
}
