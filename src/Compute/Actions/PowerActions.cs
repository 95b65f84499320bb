using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>Start, stop, pause, suspend, reboot and locks: which status allows which, and the desire that follows.</summary>
internal sealed class PowerActions
{
    private static readonly Dictionary<string, (string[] From, string Want)> Moves = new()
    {
        ["os-start"] = (["SHUTOFF"], Power.Running), ["os-stop"] = (["ACTIVE", "ERROR", "SHUTOFF"], Power.Stopped), ["pause"] = (["ACTIVE"], Power.Paused),
        ["unpause"] = (["PAUSED"], Power.Running), ["suspend"] = (["ACTIVE"], Power.Suspended), ["resume"] = (["SUSPENDED"], Power.Running),
    };

    /// <summary>The one fault that no good report of a host takes away.</summary>
    public const string SetByAdministrator = "Set to ERROR by an administrator.";

    private static readonly string[] Rebootable = ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "ERROR", "REBOOT", "HARD_REBOOT"];

    public async Task Do(Tx tx, string id, string action, Fields body)
    {
        var verb = "server." + action.Replace("os-", "");
        if (action is "lock" or "unlock")
        {
            var how = action == "lock" && body.Raw(action) is { ValueKind: System.Text.Json.JsonValueKind.Object } ? body.Object(action) : null;
            var reason = how?.TextOr("locked_reason", 1);
            how?.Done();
            await Lock(tx, id, action == "lock", reason, verb);
            return;
        }
        var row = await ServerStore.ForChange(tx, id);
        var status = ServerStatus.Of(row);
        if (action == "reboot") await Reboot(tx, row, status, body.Object(action), verb);
        else if (action == "os-resetState") await Reset(tx, row, body.Object(action), verb);
        else
        {
            var (from, want) = Moves[action];
            MustBe(row, status, from, action);
            await ServerStore.Want(tx, row, action.Replace("os-", ""), verb, (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Want, want).SetProperty(x => x.Generation, generation)
                .SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)));
        }
    }

    public static void MustBe(ServerRow row, ServerStatus status, string[] from, string action)
    {
        if (row.Want == Power.Gone || !from.Contains(status.Status) || row.HostId is null || row.LaunchedAt is null)
            throw CloudError.Conflict($"Cannot '{action}' instance {row.Id} while it is in vm_state {status.VmState}{(status.TaskState is { } task ? $" (task_state {task})" : "")}");
    }

    private static async Task Reboot(Tx tx, ServerRow row, ServerStatus status, Fields how, string verb)
    {
        var type = how.TextOr("type")?.ToUpperInvariant();
        how.Done();
        if (type is not ("SOFT" or "HARD")) throw CloudError.Invalid("Argument 'type' for reboot is not HARD or SOFT");
        MustBe(row, status, type == "SOFT" ? ["ACTIVE"] : Rebootable, "reboot");
        await ServerStore.Want(tx, row, "reboot", verb, (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Want, Power.Running).SetProperty(x => x.Generation, generation)
            .SetProperty(x => x.RebootCount, row.RebootCount + 1).SetProperty(x => x.RebootHard, type == "HARD").SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { type });
    }

    /// <summary>Status is computed, so there is nothing to reset but a fault: clearing it makes the host try again.</summary>
    private static async Task Reset(Tx tx, ServerRow row, Fields how, string verb)
    {
        if (!tx.Actor.IsAdmin) throw CloudError.Forbidden("Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed.");
        var state = how.OneOf("state", "active", "error") ?? throw CloudError.Invalid("'state' is a required property.");
        how.Done();
        var fault = state == "error" ? SetByAdministrator : null;
        await ServerStore.Want(tx, row, "resetState", verb, (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Generation, generation).SetProperty(x => x.Fault, fault)
            .SetProperty(x => x.FaultAt, tx.Now).SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { state });
    }

    private static async Task Lock(Tx tx, string id, bool locked, string? reason, string verb)
    {
        var row = await ServerStore.Find(tx, tx.Actor, id);
        await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Locked, locked).SetProperty(x => x.LockedReason, reason).SetProperty(x => x.UpdatedAt, tx.Now));
        ServerActionRow.Add(tx, row.Id, row.ProjectId, locked ? "lock" : "unlock");
        tx.Audit(verb, "server", row.Id, row.ProjectId);
    }
}
