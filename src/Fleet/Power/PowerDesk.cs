using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Power;

/// <summary>The one way to want a host on or off, whoever wants it: an operator, or a plan.</summary>
internal sealed class PowerDesk(HostStore hosts, IEnumerable<IHostHold> holds, IEnumerable<IHostLoads> loads) : IHostPower
{
    public async Task Want(Tx tx, string hostId, bool on, string why)
    {
        foreach (var load in loads) await load.Lock(tx);
        var row = await Row(tx, hostId);
        var wanted = on ? PowerState.On : PowerState.Off;
        if (!on && row.PowerWanted != PowerState.Off)
        {
            if (PowerRules.NoSwitch(row, await Bmc(tx, hostId)) is { } no) throw CloudError.Conflict($"The host {row.Name} cannot be switched off: {no}.");
            if (await WhyNot(tx, row) is { } reason) throw CloudError.Conflict($"The host {row.Name} stays on: {reason}.");
        }
        var changed = row.PowerWanted != wanted || row.PowerSeen != wanted;
        await tx.Db<FleetDb>().Hosts.Where(h => h.Id == hostId).ExecuteUpdateAsync(s => s.SetProperty(h => h.PowerWanted, wanted).SetProperty(h => h.PowerWhy, why)
            .SetProperty(h => h.PowerWantedAt, h => changed ? tx.Now : h.PowerWantedAt).SetProperty(h => h.PowerGeneration, h => changed ? h.PowerGeneration + 1 : h.PowerGeneration)
            .SetProperty(h => h.PowerFault, h => changed ? null : h.PowerFault));
        tx.Audit("host.power", "host", hostId, null, new { row.Name, power = PowerWords.Of(wanted), why });
        tx.Wake(PowerReconciler.WorkKind, hostId);
        tx.Changed(FleetWork.HostChanged, hostId);
    }

    public async Task<string?> WhyNotOff(Query q, string hostId)
    {
        var row = await Row(q, hostId);
        return row.PowerWanted == PowerState.Off ? null : PowerRules.NoSwitch(row, await Bmc(q, hostId)) ?? await WhyNot(q, row);
    }

    public async Task<IReadOnlyDictionary<string, HostMeasure>> Measures(Query q) => await q.Db<FleetDb>().Bmcs.ToDictionaryAsync(b => b.HostId, b => new HostMeasure(b.Model, b.Watts, b.WattsAt));

    private async Task<string?> WhyNot(Query q, HostRow row)
    {
        foreach (var hold in holds) if (await hold.Holds(q, row.Id) is { } what) return $"it still holds {what}; move or delete them first";
        var all = await hosts.All(q);
        if (!all.Any(h => h.Id != row.Id && h.Alive && h.PowerWanted == PowerState.On)) return "it is the last host that answers";
        var gone = new HashSet<string> { row.Id };
        foreach (var load in loads)
            if (Reserve.WhyNot([.. all.Where(h => h.Zone == row.Zone)], await load.Of(q), gone) is { } broken) return $"the N+1 reserve of the zone {row.Zone} would break: {broken}";
        return null;
    }

    private static Task<BmcRow?> Bmc(Query q, string id) => q.Db<FleetDb>().Bmcs.SingleOrDefaultAsync(b => b.HostId == id);

    private static async Task<HostRow> Row(Query q, string id) => await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == id) ?? throw CloudError.NotFound($"There is no host {id}.");
}
