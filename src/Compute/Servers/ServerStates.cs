using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>Filters by what is computed and not stored: status, vm_state, task_state, power_state, progress.</summary>
internal static class ServerStates
{
    private static readonly HashSet<string> Known =
    [
        "ACTIVE", "BUILD", "DELETED", "ERROR", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT", "REBUILD", "RESCUE", "RESIZE", "REVERT_RESIZE", "SHELVED", "SHELVED_OFFLOADED", "SHUTOFF", "SOFT_DELETED",
        "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE",
    ];

    public static async Task<IQueryable<ServerRow>> Within(IQueryable<ServerRow> rows, Call call)
    {
        var status = Words(call, "status");
        if (call.AtLeast(38) && status.FirstOrDefault(s => !Known.Contains(s)) is { } wrong) throw CloudError.Invalid($"Invalid status value: {(wrong.Length > 80 ? wrong[..80] : wrong)}");
        var states = call.Actor.IsAdmin || call.AtLeast(83);
        var (vm, task, power) = states ? (Words(call, "vm_state"), Words(call, "task_state"), Words(call, "power_state")) : ([], [], []);
        if (status.Count + vm.Count + task.Count + power.Count == 0) return rows;
        var ids = (await rows.ToListAsync()).Where(row =>
        {
            var now = ServerStatus.Of(row);
            return Fits(status, now.Status) && Fits(vm, now.VmState) && Fits(task, now.TaskState ?? "") && Fits(power, now.PowerState.ToString());
        }).Select(s => s.Id).ToList();
        return rows.Where(s => ids.Contains(s.Id));
    }

    private static bool Fits(HashSet<string> wanted, string now) => wanted.Count == 0 || wanted.Contains(now.ToUpperInvariant());

    private static HashSet<string> Words(Call call, string name) => [.. call.QueryAll(name).Select(s => s.ToUpperInvariant())];
}
