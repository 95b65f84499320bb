using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Plans;

/// <summary>Wakes the hosts that a plan moves to, and switches off those that it emptied. Fleet refuses what would leave less than the reserve.</summary>
internal sealed class Switching(Database database, IHosts hosts, IHostPower power, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <returns>All that had to come on are there, or were given up: moves to those fail by themselves.</returns>
    public async Task<bool> On(PlanRow plan, CancellationToken ct)
    {
        var ready = true;
        foreach (var turn in await Waiting(plan, true, ct))
        {
            var host = await database.Read(q => hosts.Find(q, turn.HostId), ct);
            if (host is { Alive: true, OffByCloud: false }) await End(turn, null);
            else if (turn.AskedAt is { } asked && asked < clock.Ms() - Patience.TotalMilliseconds) await End(turn, $"It did not come up within {Patience.TotalMinutes} minutes.");
            else
            {
                if (turn.AskedAt is null) await Want(plan, turn, true);
                ready = false;
            }
        }
        return ready;
    }

    public async Task Off(PlanRow plan, CancellationToken ct)
    {
        foreach (var turn in await Waiting(plan, false, ct))
        {
            if (turn.AskedAt is null) await Want(plan, turn, false);
            else await End(turn, null);
        }
    }

    private Task<List<SwitchRow>> Waiting(PlanRow plan, bool on, CancellationToken ct) =>
        database.Read(q => q.Db<ConsolidationDb>().Switches.Where(s => s.PlanId == plan.Id && s.TurnOn == on && s.EndedAt == null).OrderBy(s => s.HostId).ToListAsync(ct), ct);

    private async Task Want(PlanRow plan, SwitchRow turn, bool on)
    {
        try
        {
            await database.Write(Actor.System, async tx =>
            {
                await power.Want(tx, turn.HostId, on, $"consolidation plan {plan.Id}");
                await Set(tx, turn, ended: !on, null);
            });
        }
        catch (CloudError e)
        {
            await End(turn, e.Message);
        }
    }

    private Task End(SwitchRow turn, string? words) => database.Write(Actor.System, tx => Set(tx, turn, true, words));

    private static Task Set(Tx tx, SwitchRow turn, bool ended, string? words)
    {
        var (now, end) = (tx.Now, ended ? tx.Now : (long?)null);
        return tx.Db<ConsolidationDb>().Switches.Where(s => s.PlanId == turn.PlanId && s.HostId == turn.HostId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AskedAt, x => x.AskedAt ?? now).SetProperty(x => x.EndedAt, end).SetProperty(x => x.Words, words));
    }
}
