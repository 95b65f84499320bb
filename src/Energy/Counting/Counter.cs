using Microsoft.EntityFrameworkCore;
using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Energy.Counting;

/// <summary>
/// Counts energy once a minute, by one server at a time: what every host draws, times the time since the last look, into the hour under way. When an hour is
/// over it is written into the months; that may be repeated and changes nothing. A pause of more than five minutes is not filled in: what nobody saw is unknown.
/// </summary>
internal sealed class Counter(Database database, IHosts hosts, IHostPower power, ITelemetry telemetry, Holders holders) : IReconciler
{
    public const string Everything = "all";
    private const long MostPause = 5 * 60_000;
    private const int Batch = 400, KeptDays = 400;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public string Kind => "energy";

    public Task<IReadOnlyList<string>> Keys(Query q) => Task.FromResult<IReadOnlyList<string>>([Everything]);

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var before = await database.Read(q => q.Db<EnergyDb>().Open.SingleOrDefaultAsync(o => o.Id == Everything, ct), ct);
        var now = await database.Read(q => Task.FromResult(q.Now), ct);
        var open = before is null ? new OpenHour() : OpenHour.Read(before.Data);
        var passed = before is null ? 0 : now - before.At;
        var hour = now / Moments.Hour;
        if (before is not null && passed is > 0 and <= MostPause)
        {
            // The part before the full hour belongs to the hour that ends with it.
            var old = Math.Clamp((before.Hour + 1) * Moments.Hour - before.At, 0, passed);
            var counted = await database.Read(q => Count(q), ct);
            if (old > 0) Add(open, counted, old);
            if (hour != before.Hour) await Close(open, before.Hour, ct);
            if (passed > old) Add(open, counted, passed - old);
        }
        else if (before is not null && hour != before.Hour) await Close(open, before.Hour, ct);
        await database.Write(Actor.System, async tx =>
        {
            await tx.Db<EnergyDb>().Open.Where(o => o.Id == Everything).ExecuteDeleteAsync(ct);
            tx.Db<EnergyDb>().Add(new OpenRow { Id = Everything, Hour = hour, At = now, Data = open.Write() });
        }, ct);
        return Next.In(Minute);
    }

    private sealed record Now(string Kind, string Id, double Watts, bool Measured);

    private async Task<List<Now>> Count(Query q)
    {
        var settings = await EnergySettings.Read(q);
        var measures = await power.Measures(q);
        var drawing = (await hosts.All(q)).Select(h => (Host: h, Draw: Draw.Of(h, measures.GetValueOrDefault(h.Id), settings, q.Now))).Where(d => d.Draw.Watts is not null).ToList();
        var guests = drawing.ToDictionary(d => d.Host.Id, d => d.Host.Alive ? telemetry.OnHost(d.Host.Id) : []);
        var projects = await holders.Of(q, guests.Values.SelectMany(g => g).Select(g => g.Id));
        var counted = new List<Now> { new(MonthRow.Time, MonthRow.All, 3600, false) };
        foreach (var (host, draw) in drawing)
        {
            counted.Add(new(MonthRow.Host, host.Id, draw.Watts!.Value, draw.Measured));
            counted.Add(new(MonthRow.Cloud, MonthRow.All, draw.Watts.Value, draw.Measured));
            if (host.Alive) counted.AddRange([new(MonthRow.Load, MonthRow.All, 10.0 * host.CpuPercent * host.Vcpus, false), new(MonthRow.Room, MonthRow.All, 1000.0 * host.Vcpus, false)]);
            var there = guests[host.Id].Where(g => projects.ContainsKey(g.Id)).Select(g => (projects[g.Id], g.CpuBusy, g.Vcpus)).ToList();
            counted.AddRange(Sharing.Of(draw.Watts.Value, there).Select(s => new Now(MonthRow.Project, s.Project, s.Part, draw.Measured)));
        }
        return counted;
    }

    private static void Add(OpenHour open, List<Now> counted, long ms)
    {
        foreach (var one in counted) open.Add(one.Kind, one.Id, one.Watts * ms / Moments.Hour, one.Measured);
    }

    private async Task Close(OpenHour open, long hour, CancellationToken ct)
    {
        var (month, at) = Moments.Of(hour);
        foreach (var batch in open.All.OrderBy(s => s.Kind).ThenBy(s => s.Id, StringComparer.Ordinal).Chunk(Batch))
            await database.Write(Actor.System, async tx =>
            {
                var ids = batch.Select(s => s.Id).ToList();
                var db = tx.Db<EnergyDb>();
                var known = (await db.Months.Where(m => m.Month == month && ids.Contains(m.Id)).ToListAsync(ct)).ToDictionary(m => (m.Kind, m.Id), m => m.Data);
                await db.Months.Where(m => m.Month == month && ids.Contains(m.Id)).ExecuteDeleteAsync(ct);
                foreach (var (kind, one, wattHours, measured) in batch)
                {
                    var hours = known.Remove((kind, one), out var data) ? Hours.Read(data) : new Hours();
                    hours.Set(at, wattHours, wattHours > 0 ? measured / wattHours : 0);
                    db.Add(new MonthRow { Kind = kind, Id = one, Month = month, Data = hours.Write() });
                }
                foreach (var ((kind, one), data) in known) db.Add(new MonthRow { Kind = kind, Id = one, Month = month, Data = data });
            }, ct);
        var oldest = Moments.Of(hour - KeptDays * 24L).Month;
        await database.Write(Actor.System, tx => tx.Db<EnergyDb>().Months.Where(m => m.Month < oldest).ExecuteDeleteAsync(ct), ct);
        open.Sums.Clear();
    }
}
