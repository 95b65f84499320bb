using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Aggregates;

/// <summary>Hosts of aggregates, and the zone that they are in by that. A host is in one zone; servers go with it.</summary>
internal sealed class AggregateHosts(IHosts hosts)
{
    public static async Task<AggregateRow> Find(Query q, string id) =>
        long.TryParse(id, out var number) && await q.Db<ComputeDb>().Aggregates.SingleOrDefaultAsync(a => a.Id == number) is { } row ? row : throw CloudError.NotFound($"Aggregate {id} could not be found.");

    private async Task<HostView> Host(Query q, string name) =>
        (await hosts.All(q)).FirstOrDefault(h => h.Name == name || h.Simulated && h.Name + " (simulated)" == name) ?? throw CloudError.NotFound($"Compute host {name} could not be found.");

    public async Task Add(Tx tx, AggregateRow row, string name)
    {
        var host = await Host(tx, name);
        var db = tx.Db<ComputeDb>();
        if (await db.AggregateHosts.AnyAsync(m => m.AggregateId == row.Id && m.HostId == host.Id)) throw CloudError.Conflict($"Aggregate {row.Name} already has host {name}.");
        var others = await db.AggregateHosts.Where(m => m.HostId == host.Id && m.AggregateId != row.Id).Join(db.Aggregates, m => m.AggregateId, a => a.Id, (_, a) => a.Zone).Where(z => z != null).ToListAsync();
        if (row.Zone is not null && others.FirstOrDefault(z => z != row.Zone) is { } other) throw CloudError.Conflict($"Host {name} already is in availability zone {other}, so it cannot be in {row.Zone}.");
        db.Add(new AggregateHostRow { AggregateId = row.Id, HostId = host.Id, ZoneBefore = host.Zone });
        await tx.Save();
        if (row.Zone is not null) await Place(tx, host, row.Zone);
    }

    public async Task Remove(Tx tx, AggregateRow row, string name)
    {
        var host = await Host(tx, name);
        var db = tx.Db<ComputeDb>();
        var member = await db.AggregateHosts.SingleOrDefaultAsync(m => m.AggregateId == row.Id && m.HostId == host.Id) ?? throw CloudError.NotFound($"Aggregate {row.Name} has no host {name}.");
        await db.AggregateHosts.Where(m => m.AggregateId == row.Id && m.HostId == host.Id).ExecuteDeleteAsync();
        var still = await db.AggregateHosts.Where(m => m.HostId == host.Id).Join(db.Aggregates, m => m.AggregateId, a => a.Id, (_, a) => a.Zone).FirstOrDefaultAsync(z => z != null);
        if (row.Zone is not null && still is null) await Place(tx, host, member.ZoneBefore);
    }

    /// <summary>The aggregate makes another zone now, or none.</summary>
    public async Task Move(Tx tx, AggregateRow row, string? zone)
    {
        var db = tx.Db<ComputeDb>();
        var there = await db.AggregateHosts.Where(m => m.AggregateId == row.Id).ToListAsync();
        await db.Aggregates.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Zone, zone));
        foreach (var member in there)
        {
            if (await hosts.Find(tx, member.HostId) is not { } host || host.Zone == (zone ?? member.ZoneBefore)) continue;
            if (await db.Servers.AnyAsync(s => s.HostId == host.Id && s.DeletedAt == null)) throw CloudError.Conflict($"Cannot change the zone of aggregate {row.Name}: its host {host.Name} has servers.");
            await Place(tx, host, zone ?? member.ZoneBefore);
        }
    }

    private Task Place(Tx tx, HostView host, string zone) => host.Zone == zone ? Task.CompletedTask : hosts.Change(tx, host.Id, zone: zone);
}
