using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Capacity.Forecasting;
using Xiangyun.Capacity.Idle;
using Xiangyun.Store;

namespace Xiangyun.Capacity;

/// <summary>What is open and what is left, for Prometheus: looked at every five minutes, as many series as there are zones and states.</summary>
internal sealed class Gauges : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(5);
    private readonly Database _database;
    private readonly Runway _runway;
    private readonly TimeProvider _clock;
    private readonly ILogger<Gauges> _log;
    private volatile IReadOnlyList<Measurement<int>> _advice = [], _idle = [], _days = [];

    public Gauges(Database database, Runway runway, IMeterFactory meters, TimeProvider clock, ILogger<Gauges> log)
    {
        (_database, _runway, _clock, _log) = (database, runway, clock, log);
        var meter = meters.Create("Xiangyun.Capacity");
        meter.CreateObservableGauge("xiangyun.capacity.advice", () => _advice, "{server}", "advice by state");
        meter.CreateObservableGauge("xiangyun.capacity.idle", () => _idle, "{thing}", "open questions about idle things by kind");
        meter.CreateObservableGauge("xiangyun.capacity.days.left", () => _days, "d", "median of the forecast, where there is one and it ends within a year");
    }

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Round, _clock);
        do
        {
            try
            {
                await _database.Read(async q =>
                {
                    _advice = [.. (await q.Db<CapacityDb>().Advice.GroupBy(a => a.State).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop)).Select(g => new Measurement<int>(g.Count, new KeyValuePair<string, object?>("state", g.Key)))];
                    _idle = [.. (await q.Db<CapacityDb>().Idle.Where(i => i.State == IdleStates.Open).GroupBy(i => i.Kind).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop)).Select(g => new Measurement<int>(g.Count, new KeyValuePair<string, object?>("kind", g.Key)))];
                    _days = [.. (await _runway.All(q)).Where(c => c.P50 is not null).Select(c => new Measurement<int>(c.P50!.Value, new("zone", c.Zone.Length == 0 ? "cloud" : c.Zone), new("resource", c.Resource)))];
                    return true;
                }, stop);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _log.NotCounted(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
