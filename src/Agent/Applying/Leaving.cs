using System.Collections.Concurrent;
using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// Sends a guest to another host while it runs. Under a plan that says so it is never started here: once it is not here, only the control plane knows
/// whether it lives there. A move that failed is told and not tried again before a newer plan asks for it.
/// </summary>
internal sealed class Leaving(Workplace at)
{
    /// <summary>More at a time would only share the wire.</summary>
    private const int AtATime = 2;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private readonly SemaphoreSlim _places = new(AtATime);
    private readonly ConcurrentDictionary<string, byte> _underWay = new();

    public async Task<TimeSpan?> Take(ServerPlan want, CancellationToken ct)
    {
        var seen = await at.Guests.Look(want.Id, ct);
        var mark = at.Marks.Find(want.Id) ?? new Mark();
        var stays = mark.StayedUnder == want.Generation ? mark.StayedWhy : "";
        var going = seen is { Power: GuestPower.Running or GuestPower.Paused or GuestPower.Moving } ? await at.Guests.Moves(want.Id, ct) : null;
        if (going is null && stays.Length == 0 && want.Leaves.Address.Length > 0 && Lives(seen)) Begin(want, mark, ct);
        await Show(want, seen, mark, stays, going, ct);
        return going is not null || _underWay.ContainsKey(want.Id) ? Again : null;
    }

    private void Begin(ServerPlan want, Mark mark, CancellationToken ct)
    {
        if (_underWay.TryAdd(want.Id, 0)) _ = Task.Run(() => Move(want, mark, ct), CancellationToken.None);
    }

    private async Task Move(ServerPlan want, Mark mark, CancellationToken stop)
    {
        try
        {
            await _places.WaitAsync(stop);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Longest);
            try
            {
                if (at.Step(want, "move")) await at.Guests.Move(want.Id, want.Leaves.Address, limit.Token);
                else await Task.Delay(Timeout.Infinite, limit.Token);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the agent stops; the next one looks how the move goes
        catch (Exception e) when (e is EngineFault or OperationCanceledException)
        {
            at.Log.Stays(at.Host, want.Id, e.Message);
            // Only a guest that runs here has stayed: if it does not, it may be there.
            if (Lives(await at.Guests.Look(want.Id, CancellationToken.None)))
                at.Marks.Set(want.Id, mark with { StayedUnder = want.Generation, StayedWhy = e is EngineFault ? e.Message : $"it was not done after {Longest.TotalMinutes:F0} minutes" });
        }
        finally
        {
            _underWay.TryRemove(want.Id, out _);
            at.Poke(Key.Server(want.Id));
        }
    }

    private static bool Lives(GuestSeen? seen) => seen is { Power: GuestPower.Running or GuestPower.Paused };

    private async Task Show(ServerPlan want, GuestSeen? seen, Mark mark, string stays, MoveProgress? going, CancellationToken ct)
    {
        var bytes = (await at.Disks.LookRoot(want.Id, ct))?.SizeBytes ?? 0;
        at.Show(want, seen, mark, "move", stays.Length == 0 ? null : new Fault { Engine = "hypervisor", Verb = "move", Message = stays },
            shown => (shown.DiskBytes, shown.MovedBytes, shown.MoveBytes) = (bytes, going?.Done ?? 0, going?.Total ?? 0));
    }
}
