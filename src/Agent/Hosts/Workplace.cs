using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Applying;
using Xiangyun.Agent.Ledger;
using Xiangyun.Agent.Watching;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Engines.Metadata;
using Xiangyun.Engines.Simulated;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Hosts;

/// <summary>What every turn of one host works with: the plan, the engines, what is remembered and what is shown.</summary>
internal sealed class Workplace
{
    public required string Host { get; init; }
    /// <summary>Where other hosts reach this one when a guest moves while it runs; empty = guests do not move so.</summary>
    public string Address { get; init; } = "";
    public bool Simulated => Load is not null;
    /// <summary>How busy its guests are; null on a real host, which is asked.</summary>
    public SimulatedLoad? Load { get; init; }
    public required PlanLedger Ledger { get; init; }
    public required Marks Marks { get; init; }
    public required IGuestEngine Guests { get; init; }
    public required IDiskEngine Disks { get; init; }
    public required IMetadataEngine Metadata { get; init; }
    /// <summary>OVN's name of this host.</summary>
    public required Func<CancellationToken, Task<string>> Chassis { get; init; }
    public required TimeProvider Clock { get; init; }
    public required ILogger Log { get; init; }
    public required Sampler Sampler { get; init; }
    /// <summary>The power of a simulated host; null = a real one, which has the power that it has.</summary>
    public Mains? Mains { get; init; }
    /// <summary>The program and its arguments that shut a real machine down; empty = nothing may.</summary>
    public IReadOnlyList<string> Shutdown { get; init; } = [];
    /// <summary>A simulated host that is switched off does nothing at all.</summary>
    public bool Dead => Mains is { Answers: false };
    public Board Board { get; } = new();
    public Action<Key> Poke { get; set; } = _ => { };
    public Plan Plan => Ledger.Current;

    /// <summary>Says for people what happens now.</summary>
    /// <returns>false: a test wants a simulated host to stick here.</returns>
    public bool Step(ServerPlan want, string verb)
    {
        var shown = Board.Server(want.Id)?.Clone() ?? new ServerSeen { Id = want.Id };
        shown.Generation = want.Generation;
        shown.Progress = verb;
        if (Simulated && !Injection.MayPass(want.FaultInjection, verb))
        {
            Board.Set(shown);
            return false;
        }
        if (Board.Server(want.Id)?.Progress != verb && !Simulated) Board.Set(shown);
        return true;
    }

    public void Show(ServerPlan want, GuestSeen? seen, Mark? mark, string progress, Fault? fault, Action<ServerSeen>? more = null)
    {
        var shown = new ServerSeen
        {
            Id = want.Id,
            Generation = want.Generation,
            Power = PowerOf(seen),
            Progress = progress,
            Fault = fault,
            RebootCount = mark?.Reboots ?? 0,
            RebuildCount = mark?.Rebuilds ?? 0,
            StartedAtMs = seen is { Power: not GuestPower.Stopped } ? mark?.StartedAt ?? 0 : 0,
        };
        var before = Board.Server(want.Id)?.VolumeIds.ToArray() ?? [];
        if (seen is not null)
        {
            shown.VolumeIds.Add(seen.VolumeIds);
            shown.PortIds.Add(seen.PortIds);
        }
        more?.Invoke(shown);
        Board.Set(shown);
        foreach (var volume in before.Except(shown.VolumeIds).Concat(shown.VolumeIds.Except(before))) Poke(Key.Volume(volume));
    }

    private static Power PowerOf(GuestSeen? seen) => seen?.Power switch
    {
        null => Power.Unspecified,
        GuestPower.Running => Power.Running,
        GuestPower.Paused => Power.Paused,
        GuestPower.Suspended => Power.Suspended,
        GuestPower.Moving => Power.Unspecified, // it is as little here as there
        _ => Power.Stopped,
    };
}
