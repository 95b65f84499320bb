using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// Brings one server one step or more towards its plan, from whatever it finds. Nothing here waits for a guest: what
/// takes time is looked at again in a later turn. The order matters: what must stop, stops before disks and definition change.
/// </summary>
internal sealed class ServerTurn(Workplace at, Material material, Stopping stopping)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private readonly Leaving _leaving = new(at);
    private readonly Arriving _arriving = new(at);

    /// <returns>When to come again without being poked; null = nothing left to do.</returns>
    public async Task<TimeSpan?> Take(ServerPlan want, CancellationToken ct)
    {
        if (want.Power == Power.Gone) return await Remove(want, ct);
        if (want.Leaves is not null) return await _leaving.Take(want, ct);
        var seen = await at.Guests.Look(want.Id, ct);
        if (want.Arrives is not null && await _arriving.Awaits(want, seen, at.Marks.Find(want.Id) ?? new Mark { Reboots = want.RebootCount, Rebuilds = want.RebuildCount }, ct)) return null;
        if (seen is { Power: GuestPower.Moving } && await at.Guests.Moves(want.Id, ct) is not null) return await Show(want, at.Marks.Find(want.Id) ?? new Mark(), "move", Soon, ct);
        var mark = Notice(want, seen, at.Marks.Find(want.Id) ?? new Mark { Reboots = want.RebootCount, Rebuilds = want.RebuildCount });
        if (seen is not null)
        {
            if (MustStop(want, seen, mark) is { } politely)
            {
                if (await stopping.Stop(want, seen, politely, ct) is { } again) return await Show(want, mark, "stop", again, ct);
                seen = await at.Guests.Look(want.Id, ct);
            }
            mark = Count(want, mark);
        }
        stopping.Forget(want.Id);
        var (spec, missing) = await material.Gather(want, ct);
        if (spec is null) return await Show(want, mark, missing, null, ct);
        if (!at.Step(want, "define")) return null;
        var settled = await at.Guests.Ensure(spec, ct);
        if (seen is null) mark = at.Marks.Set(want.Id, mark with { RanUnder = -1, Stopped = "" });
        seen = await at.Guests.Look(want.Id, ct);
        mark = await Bring(want, seen, Notice(want, seen, mark), ct); // it may have stopped by itself since the first look
        if (mark is null) return null;
        await material.Grow(want, spec, ct);
        return await Show(want, mark, settled ? "" : "attach", settled ? null : Soon, ct);
    }

    /// <summary>Remembers when a guest that should run has stopped by itself: it stays stopped until the plan changes.</summary>
    private Mark Notice(ServerPlan want, GuestSeen? seen, Mark mark)
    {
        if (seen is not { Power: GuestPower.Stopped } || mark.Stopped.Length > 0 || mark.RanUnder != want.Generation || mark.Boot != at.Guests.BootId) return mark;
        if (seen.Cause is StopCause.Unknown or StopCause.None || want.Power is not (Power.Running or Power.Paused)) return mark;
        var cause = seen.Cause == StopCause.Crash ? "crashed" : "stopped itself";
        at.Log.StoppedItself(at.Host, want.Id, cause);
        return at.Marks.Set(want.Id, mark with { Stopped = cause });
    }

    /// <returns>null = it need not stop; true = ask first; false = pull the plug.</returns>
    private static bool? MustStop(ServerPlan want, GuestSeen seen, Mark mark)
    {
        if (want.RebuildCount > mark.Rebuilds) return seen.Power == GuestPower.Stopped ? null : false;
        if (want.Power == Power.Stopped) return seen.Power == GuestPower.Stopped ? null : true;
        if (want.RebootCount > mark.Reboots) return seen.Power == GuestPower.Stopped ? null : !want.RebootHard;
        return null;
    }

    /// <summary>It is stopped now if it had to be: the reboot's first half is done, the start is the rest.</summary>
    private Mark Count(ServerPlan want, Mark mark)
    {
        if (want.RebootCount <= mark.Reboots && want.RebuildCount <= mark.Rebuilds) return mark;
        return at.Marks.Set(want.Id, mark with { Reboots = Math.Max(want.RebootCount, mark.Reboots), Rebuilds = Math.Max(want.RebuildCount, mark.Rebuilds), RanUnder = -1, Stopped = "" });
    }

    /// <returns>null = held by an injected fault.</returns>
    private async Task<Mark?> Bring(ServerPlan want, GuestSeen? seen, Mark mark, CancellationToken ct)
    {
        if (want.Power is Power.Stopped or Power.Unspecified || seen is null) return mark;
        if (seen.Power == GuestPower.Stopped && mark.Stopped.Length > 0 && mark.RanUnder == want.Generation && mark.Boot == at.Guests.BootId) return mark;
        if (want.Power == Power.Suspended)
        {
            if (seen.Power is GuestPower.Stopped or GuestPower.Suspended) return mark;
            if (!at.Step(want, "suspend")) return null;
            await at.Guests.EnsureSuspended(want.Id, ct);
            return mark;
        }
        if (seen.Power is GuestPower.Stopped or GuestPower.Suspended || seen.Power is GuestPower.Paused or GuestPower.Moving && want.Power == Power.Running)
        {
            var fresh = seen.Power == GuestPower.Stopped;
            if (!at.Step(want, fresh ? "start" : "resume")) return null;
            await at.Guests.EnsureRunning(want.Id, ct);
            if (fresh) mark = mark with { StartedAt = at.Clock.Ms() };
        }
        mark = at.Marks.Set(want.Id, mark with { RanUnder = want.Generation, Boot = at.Guests.BootId, Stopped = "" });
        if (want.Power == Power.Paused)
        {
            if (!at.Step(want, "pause")) return null;
            await at.Guests.EnsurePaused(want.Id, ct);
        }
        return mark;
    }

    private async Task<TimeSpan?> Remove(ServerPlan want, CancellationToken ct)
    {
        if (!at.Step(want, "gone")) return null;
        await at.Guests.EnsureGone(want.Id, ct);
        await at.Disks.EnsureRootGone(want.Id, ct);
        at.Marks.Drop(want.Id);
        stopping.Forget(want.Id);
        at.Board.Waits(Key.Server(want.Id), null);
        at.Board.Set(new ServerSeen { Id = want.Id, Generation = want.Generation, Power = Power.Gone });
        foreach (var disk in want.Disks) at.Poke(Key.Volume(disk.VolumeId));
        return null;
    }

    private async Task<TimeSpan?> Show(ServerPlan want, Mark mark, string progress, TimeSpan? again, CancellationToken ct)
    {
        var seen = await at.Guests.Look(want.Id, ct);
        if (progress.Length == 0) progress = mark.Stopped;
        at.Show(want, seen, mark, progress, null);
        return again;
    }
}
