using System.Collections.Concurrent;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Stops guests: the power button first, pressed again every few seconds (a booting guest misses it), the plug when time is up.</summary>
internal sealed class Stopping(Workplace at)
{
    private const int UsualTimeout = 30;
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, (long Since, long Pressed)> _asked = new();

    /// <returns>null = it is stopped; else look again after this time.</returns>
    public async Task<TimeSpan?> Stop(ServerPlan want, GuestSeen seen, bool politely, CancellationToken ct)
    {
        if (!at.Step(want, "stop")) return Timeout.InfiniteTimeSpan;
        var now = at.Clock.Ms();
        var asked = _asked.GetOrAdd(want.Id, _ => (now, 0));
        var limit = (want.StopTimeoutS > 0 ? want.StopTimeoutS : UsualTimeout) * 1000L;
        if (!politely || seen.Power != GuestPower.Running || now - asked.Since >= limit)
        {
            await at.Guests.EnsureStopped(want.Id, ct);
            return null;
        }
        if (now - asked.Pressed >= PressAgain.TotalMilliseconds)
        {
            await at.Guests.AskToStop(want.Id, ct);
            _asked[want.Id] = (asked.Since, now);
            if (await at.Guests.Look(want.Id, ct) is not { Power: GuestPower.Running }) return null;
        }
        return LookAgain;
    }

    public void Forget(string serverId) => _asked.TryRemove(serverId, out _);
}
