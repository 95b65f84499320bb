using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Hosts;

/// <summary>Registers the hosts that the configuration names, and follows their endpoint when it moved.</summary>
internal sealed class Registration(Database database, FleetOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken ct) => database.Write(Actor.System, async tx =>
    {
        var db = tx.Db<FleetDb>();
        var known = await db.Hosts.ToDictionaryAsync(h => h.Name, ct);
        foreach (var host in options.Hosts)
        {
            if (!known.TryGetValue(host.Name, out var row)) db.Add(new HostRow { Id = Id.New(), Name = host.Name, Endpoint = host.Endpoint, CreatedAt = tx.Now });
            else if (row.Endpoint != host.Endpoint) await db.Hosts.Where(h => h.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(h => h.Endpoint, host.Endpoint), ct);
        }
    }, ct);

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
