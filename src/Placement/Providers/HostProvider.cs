using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Placement.Providers;

/// <summary>Every host is a resource provider of the same id: its facts become inventories, its kind becomes traits.</summary>
internal sealed class HostProvider(Database database, IHosts hosts) : IReconciler
{
    public const string WorkKind = "placement.host";
    private const double CpuRatio = 4.0;

    public string Kind => WorkKind;

    public async Task<IReadOnlyList<string>> Keys(Query q) => [.. (await hosts.All(q)).Select(h => h.Id)];

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        await database.Write(Actor.System, async tx =>
        {
            var db = tx.Db<PlacementDb>();
            var host = await hosts.Find(tx, id);
            var known = await db.Providers.SingleOrDefaultAsync(p => p.Id == id, ct);
            if (host is null)
            {
                // What lies inside it stays what it is; somebody put it there and takes it away.
                if (known is not null && !await db.Inventories.AnyAsync(i => i.ProviderId == id && i.Used > 0, ct) && !await db.Providers.AnyAsync(p => p.ParentId == id, ct)) await ProviderStore.Remove(db, id);
                return;
            }
            if (host.SeenAt == 0) return;
            // Traits that the operator added through the Placement API stay.
            var kept = known is null ? [] : ProviderStore.List(known.Traits).Where(t => !OurTrait(t));
            var traits = JsonSerializer.Serialize(Traits(host).Concat(kept).Order(StringComparer.Ordinal));
            if (known is null) db.Add(new ProviderRow { Id = id, Name = host.Name, Traits = traits, CreatedAt = tx.Now });
            else if (known.Traits != traits || known.Name != host.Name)
                await db.Providers.Where(p => p.Id == id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Traits, traits).SetProperty(p => p.Name, host.Name).SetProperty(p => p.Generation, p => p.Generation + 1), ct);
            var changed = false;
            foreach (var wanted in Inventories(host)) changed |= await Set(db, wanted);
            if (changed && known is not null) await db.Providers.Where(p => p.Id == id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, p => p.Generation + 1), ct);
        }, ct);
        return Next.Done;
    }

    private static async Task<bool> Set(PlacementDb db, InventoryRow wanted)
    {
        var known = await db.Inventories.SingleOrDefaultAsync(i => i.ProviderId == wanted.ProviderId && i.Class == wanted.Class);
        if (known is null)
        {
            db.Add(wanted);
            return true;
        }
        // Ratio and reserve may have been set by the operator through the Placement API: only what the agent measured follows.
        if (known.Total == wanted.Total && known.MaxUnit == wanted.MaxUnit) return false;
        await db.Inventories.Where(i => i.ProviderId == wanted.ProviderId && i.Class == wanted.Class).ExecuteUpdateAsync(s => s.SetProperty(i => i.Total, wanted.Total).SetProperty(i => i.MaxUnit, wanted.MaxUnit));
        return true;
    }

    /// <summary>Defaults: 4 vCPU for each thread, memory and disk not overcommitted, a tenth of memory (512 MiB at most) kept for the host.</summary>
    public static IEnumerable<InventoryRow> Inventories(HostView h) =>
    [
        new() { ProviderId = h.Id, Class = "VCPU", Total = h.Vcpus, MaxUnit = Math.Max(1, h.Vcpus), Ratio = CpuRatio },
        new() { ProviderId = h.Id, Class = "MEMORY_MB", Total = h.MemoryMib, MaxUnit = Math.Max(1, h.MemoryMib), Reserved = Math.Min(512, h.MemoryMib / 10) },
        new() { ProviderId = h.Id, Class = "DISK_GB", Total = h.DiskGib, MaxUnit = Math.Max(1, h.DiskGib) },
    ];

    private static bool OurTrait(string name) => name is "COMPUTE_NODE" or "CUSTOM_XY_SIMULATED" || name.StartsWith("HW_ARCH_", StringComparison.Ordinal);

    private static List<string> Traits(HostView h)
    {
        var traits = new List<string> { "COMPUTE_NODE", "HW_ARCH_" + h.Arch.ToUpperInvariant() };
        if (h.Simulated) traits.Add("CUSTOM_XY_SIMULATED");
        return traits;
    }
}
