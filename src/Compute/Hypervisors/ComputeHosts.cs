using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Numbers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>A host as Compute's administrators see it.</summary>
internal sealed record ComputeHost(HostView Host, long Number, bool ForcedDown)
{
    public string Id => Host.Id;
    public bool Up => Host.Alive && !ForcedDown;
    public string State => Up ? "up" : "down";
    public string Status => Host.Enabled ? "enabled" : "disabled";

    /// <summary>A simulated host says so in its name.</summary>
    public string Hostname => Host.Simulated ? Host.Name + " (simulated)" : Host.Name;

    /// <summary>The service on it (nova-compute) has an id of its own.</summary>
    public string ServiceId => Kernel.Id.From("nova-compute:" + Host.Id);

    public bool IsCalled(string name) => name == Host.Name || name == Hostname;
}

/// <summary>All hosts with their numbers. A host that has none yet gets its own now, for good.</summary>
internal sealed class ComputeHosts(Database database, IHosts hosts)
{
    public async Task<IReadOnlyList<ComputeHost>> All()
    {
        var (all, rows) = await database.Read(async q => (await hosts.All(q), await q.Db<ComputeDb>().ComputeHosts.ToDictionaryAsync(h => h.HostId)));
        if (all.Any(h => !rows.ContainsKey(h.Id))) rows = await database.Write(Actor.System, Number);
        return [.. all.Where(h => rows.ContainsKey(h.Id)).Select(h => new ComputeHost(h, rows[h.Id].Number, rows[h.Id].ForcedDown)).OrderBy(h => h.Number)];
    }

    public async Task<ComputeHost> Named(string name) => (await All()).FirstOrDefault(h => h.IsCalled(name)) ?? throw CloudError.NotFound($"Compute host {name} could not be found.");

    private async Task<Dictionary<string, ComputeHostRow>> Number(Tx tx)
    {
        await tx.Lock("number:host");
        var db = tx.Db<ComputeDb>();
        var known = await db.ComputeHosts.Select(h => h.HostId).ToListAsync();
        foreach (var host in (await hosts.All(tx)).Where(h => !known.Contains(h.Id)).OrderBy(h => h.Id, StringComparer.Ordinal))
        {
            var number = await NumberRow.Next(tx, "host");
            tx.Db<ComputeDb>().Add(new ComputeHostRow { HostId = host.Id, Number = number });
            await tx.Save();
        }
        return await tx.Db<ComputeDb>().ComputeHosts.ToDictionaryAsync(h => h.HostId);
    }
}
