using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;

namespace Xiangyun.Wire;

/// <summary>
/// Keeps strangers from filling the audit log: of callers without a token, the first hundred refusals of an address in ten
/// seconds are kept one by one (and two thousand of all), the others as one record with their number. Callers with a
/// token are always kept one by one: they can be called to account.
/// </summary>
internal sealed class Flood(TimeProvider clock)
{
    public const int PerAddress = 100;
    public const int OfAll = 2000;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Kept, long Counted)> _seen = [];
    private int _kept;
    private long _since;

    /// <returns>false: only counted.</returns>
    public bool Take(string address)
    {
        lock (_gate)
        {
            if (_seen.Count == 0) _since = clock.Ms();
            if (!_seen.ContainsKey(address) && _seen.Count >= OfAll) address = "others";
            var (kept, counted) = _seen.GetValueOrDefault(address);
            var keep = kept < PerAddress && _kept < OfAll;
            _seen[address] = keep ? (kept + 1, counted) : (kept, counted + 1);
            if (keep) _kept++;
            return keep;
        }
    }

    /// <summary>What was only counted since the window began; begins another.</summary>
    public (long Since, IReadOnlyList<(string Address, long Count)> Counted) End()
    {
        lock (_gate)
        {
            var counted = _seen.Where(s => s.Value.Counted > 0).Select(s => (s.Key, s.Value.Counted)).ToList();
            _seen.Clear();
            _kept = 0;
            return (_since, counted);
        }
    }
}

/// <summary>Writes the counted refusals when their window ends, and when the server does.</summary>
internal sealed class FloodReport(Flood flood, RefusalLog log, TimeProvider clock, ILogger<FloodReport> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Flood.Window, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (since, counted) = flood.End();
            try
            {
                foreach (var (address, count) in counted) await log.Add(Row(address, count, since));
            }
            catch (Exception e)
            {
                logger.NotAudited("req-system", e);
            }
        }
    }

    private AuditRow Row(string address, long count, long since)
    {
        var nobody = new Actor { UserId = "", UserName = "", UserDomainId = "", RequestId = "req-system", RemoteAddress = address };
        return AuditRow.Of(nobody, clock.Ms(), "refusals.counted", "address", address, null, AuditRow.Refused, Secrets.Masked(new { attempts = count, since, why = "no valid token" }));
    }
}
