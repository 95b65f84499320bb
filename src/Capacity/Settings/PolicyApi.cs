using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Settings;

/// <summary>/xiangyun/v1/capacity/settings: everybody may read by which limits advice is made, the operator sets them.</summary>
internal sealed class PolicyApi(Database database) : IApi
{
    public Service Service => CapacityModule.Service;

    public void Map(Routes r)
    {
        r.Get("/capacity/settings", "capacity:read", async _ => Body(await database.Read(Policy.Read)));
        r.Put("/capacity/settings", "capacity:settings", "capacity_settings.set", Set);
    }

    private static Answer Body(Policy policy) => Answer.Ok(new { settings = policy });

    private async Task<Answer> Set(Call call)
    {
        var f = await call.Body("settings");
        return await database.Write(call.Actor, async tx =>
        {
            var old = await Policy.Read(tx);
            var policy = new Policy
            {
                LeastDays = Number(f, "least_days", 0, 30) ?? old.LeastDays, CpuTarget = Number(f, "cpu_target", 10, 100) ?? old.CpuTarget, MemoryMargin = Number(f, "memory_margin", 0, 200) ?? old.MemoryMargin,
                CpuFull = Number(f, "cpu_full", 10, 100) ?? old.CpuFull, WaitHigh = Number(f, "wait_high", 0, 100) ?? old.WaitHigh, MemoryFull = Number(f, "memory_full", 10, 100) ?? old.MemoryFull, FaultsHigh = Number(f, "faults_high", 0, 1e6) ?? old.FaultsHigh,
                WatchSeconds = f.NumberOr("watch_seconds", 1, 366 * 86400) ?? old.WatchSeconds, WatchLeast = (int)(f.NumberOr("watch_least", 1, 288) ?? old.WatchLeast), QuietSeconds = f.NumberOr("quiet_seconds", 0, 3L * 366 * 86400) ?? old.QuietSeconds,
                IdleDays = Number(f, "idle_days", 0, 30) ?? old.IdleDays, IdleCpu = Number(f, "idle_cpu", 0, 100) ?? old.IdleCpu, IdleDisk = Number(f, "idle_disk", 0, 1e12) ?? old.IdleDisk, IdleNet = Number(f, "idle_net", 0, 1e12) ?? old.IdleNet,
                LeftDays = Number(f, "left_days", 0, 3660) ?? old.LeftDays, SnapshotDays = Number(f, "snapshot_days", 0, 3660) ?? old.SnapshotDays,
                RemindSeconds = f.NumberOr("remind_seconds", 1, 366 * 86400) ?? old.RemindSeconds, RemindersBeforeManager = (int)(f.NumberOr("reminders_before_manager", 0, 100) ?? old.RemindersBeforeManager), UndoSeconds = f.NumberOr("undo_seconds", 60, 366 * 86400) ?? old.UndoSeconds,
            };
            f.Done();
            await Policy.Set(tx, policy);
            tx.Audit(call.Verb, "capacity_settings", "cloud", null, new { before = old, after = policy });
            return Body(policy);
        }, call.Stop);
    }

    private static double? Number(Fields f, string name, double least, double most)
    {
        if (f.Raw(name) is not { } raw || raw.ValueKind == JsonValueKind.Null) return null;
        return raw.ValueKind == JsonValueKind.Number && raw.TryGetDouble(out var value) && value >= least && value <= most ? value
            : throw CloudError.Invalid($"Invalid input for field/attribute {f.At(name)}. It must be a number between {least} and {most}.");
    }
}
