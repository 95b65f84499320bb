using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Engines.Bmc;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Power;

/// <summary>
/// Makes a host's power what is wanted: looks, asks, and looks again until it is so. A shutdown is asked for politely first. What somebody
/// switches at the machine afterwards is seen and told, and never undone: whoever stands there may have a reason.
/// </summary>
internal sealed class PowerReconciler(Database database, Controllers controllers, HostStore store, TimeProvider clock, ILogger<PowerReconciler> log) : IReconciler
{
    public const string WorkKind = "host.power";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2), Again = TimeSpan.FromMinutes(1);

    public string Kind => WorkKind;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<FleetDb>().Hosts.Select(h => h.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (host, row) = await database.Read(async q => (await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == id, ct), await q.Db<FleetDb>().Bmcs.SingleOrDefaultAsync(b => b.HostId == id, ct)), ct);
        if (host is null) return Next.Done;
        using var bmc = controllers.Of(host, row);
        if (bmc is null)
        {
            await Keep(host, store.View(host).Alive ? PowerState.On : PowerState.Unknown, null, false, ct);
            return Next.Done;
        }
        try
        {
            var look = await bmc.Look(ct);
            var seen = look.On;
            var there = seen == (host.PowerWanted == PowerState.On);
            if (!there && host.PowerDone < host.PowerGeneration)
            {
                await bmc.Ensure(Wish(host), ct);
                look = await bmc.Look(ct);
                seen = look.On;
                there = seen == (host.PowerWanted == PowerState.On);
            }
            await Keep(host, seen switch { true => PowerState.On, false => PowerState.Off, _ => PowerState.Unknown }, null, there, ct);
            if (row is not null) await Measured(row, look, ct);
            return !there && host.PowerDone < host.PowerGeneration ? Next.In(Soon) : row is null ? Next.Done : Next.In(Again);
        }
        catch (EngineFault e) when (!ct.IsCancellationRequested)
        {
            await Keep(host, host.PowerSeen, e.Message, false, ct); // what was seen last stands
            throw;
        }
    }

    private Task Measured(BmcRow row, BmcSeen look, CancellationToken ct) => look.Watts is null && row.Watts is null && look.Model == row.Model ? Task.CompletedTask
        : database.Write(Actor.System, tx => tx.Db<FleetDb>().Bmcs.Where(b => b.HostId == row.HostId && b.ChangedAt == row.ChangedAt).ExecuteUpdateAsync(s => s.SetProperty(b => b.Model, look.Model)
            .SetProperty(b => b.Watts, look.Watts).SetProperty(b => b.WattsAt, tx.Now), ct), ct);

    private PowerWish Wish(HostRow host) => host.PowerWanted == PowerState.On ? PowerWish.On
        : clock.Ms() - host.PowerWantedAt < PowerRules.Politeness.TotalMilliseconds ? PowerWish.Off : PowerWish.OffByForce;

    /// <summary>Nothing is written when nothing changed, nor when somebody wants something else meanwhile: that has woken this again.</summary>
    private async Task Keep(HostRow host, PowerState seen, string? fault, bool there, CancellationToken ct)
    {
        var done = there ? host.PowerGeneration : host.PowerDone;
        if (host.PowerSeen == seen && host.PowerFault == fault && host.PowerDone == done) return;
        if (host.PowerSeen != seen) log.Power(host.Name, seen.ToString().ToLowerInvariant(), host.PowerWhy);
        await database.Write(Actor.System, async tx =>
        {
            if (await tx.Db<FleetDb>().Hosts.Where(h => h.Id == host.Id && h.PowerGeneration == host.PowerGeneration).ExecuteUpdateAsync(s => s.SetProperty(h => h.PowerSeen, seen).SetProperty(h => h.PowerDone, done)
                .SetProperty(h => h.PowerFault, fault).SetProperty(h => h.PowerSeenAt, h => h.PowerSeen == seen ? h.PowerSeenAt : tx.Now), ct) == 0) return;
            tx.Changed(FleetWork.HostChanged, host.Id);
        }, ct);
    }
}
