using System.Collections.Concurrent;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Simulated;

/// <summary>
/// Guests that exist only in memory: what scale and Api tests run on. It passes the same contract as libvirt and is
/// always labelled as simulated. A guest costs a few hundred bytes and nothing while idle.
/// </summary>
/// <param name="load">How busy they are; without it the made-up day.</param>
/// <param name="reachable">The hosts of this process by address, for guests that move between them; null = they do not move so.</param>
public sealed class SimulatedGuests(TimeProvider clock, SimulatedLoad? load = null, int vcpus = 64, long memoryMib = 256 * 1024, ConcurrentDictionary<string, SimulatedGuests>? reachable = null) : IGuestEngine
{
    public static readonly TimeSpan MoveTime = TimeSpan.FromMilliseconds(200);

    public SimulatedLoad Load { get; } = load ?? SimulatedLoad.MadeUp;

    public static readonly TimeSpan BootTime = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SimulatedGuest> _guests = new();

    public event Action<string>? Changed;

    public string BootId { get; private set; } = Id.New();

    public Task<EngineFacts> Facts(CancellationToken ct) =>
        Task.FromResult(new EngineFacts("SIMULATED", 7002022, "simulated", "x86_64", "simulated", vcpus, memoryMib));

    public Task<IReadOnlyList<string>> List(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([.. _guests.Keys]);

    public Task<GuestSeen?> Look(string id, CancellationToken ct) => Task.FromResult(_guests.TryGetValue(id, out var guest) ? guest.Seen(id) : null);

    /// <summary>When guests want more than the host has, each gets its share and tells the rest as waiting; memory alike, by what they work with.</summary>
    public Task<IReadOnlyList<GuestUse>> Use(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var running = _guests.Where(g => g.Value.Power == GuestPower.Running).Select(g => (Id: g.Key, Guest: g.Value, Wanted: g.Value.Wants(g.Key, now))).ToList();
        var (processors, memory) = (SimulatedLoad.Share(vcpus, running.Sum(r => r.Wanted.Processors)), SimulatedLoad.Share(memoryMib, running.Sum(r => r.Wanted.MemoryMib)));
        return Task.FromResult<IReadOnlyList<GuestUse>>([.. running.Select(r => r.Guest.Use(r.Id, now, r.Wanted, processors, memory))]);
    }

    public Task<bool> Ensure(GuestSpec spec, CancellationToken ct)
    {
        _guests.GetOrAdd(spec.Id, _ => new SimulatedGuest(Load)).Define(spec);
        return Task.FromResult(true);
    }

    public async Task EnsureRunning(string id, CancellationToken ct)
    {
        if (Need(id, "start").Power == GuestPower.Running) return;
        await Task.Delay(BootTime, clock, ct);
        await Turn(id, "start", GuestPower.Running, StopCause.None);
    }

    public Task EnsurePaused(string id, CancellationToken ct)
    {
        if (Need(id, "pause").Power is not (GuestPower.Running or GuestPower.Paused)) throw new EngineFault("simulated", "pause", "the guest is not running", transient: true);
        return Turn(id, "pause", GuestPower.Paused, StopCause.None);
    }

    public Task EnsureSuspended(string id, CancellationToken ct)
    {
        if (Need(id, "suspend").Power is GuestPower.Stopped) throw new EngineFault("simulated", "suspend", "the guest is not running", transient: true);
        return Turn(id, "suspend", GuestPower.Suspended, StopCause.None);
    }

    public Task AskToStop(string id, CancellationToken ct) => EnsureStopped(id, ct);

    public Task EnsureStopped(string id, CancellationToken ct) =>
        Need(id, "stop").Power == GuestPower.Stopped ? Task.CompletedTask : Turn(id, "stop", GuestPower.Stopped, StopCause.Asked);

    /// <summary>For tests: the guest powers itself off, or its process dies.</summary>
    public Task StopsItself(string id, bool crash = false) => Turn(id, "stop", GuestPower.Stopped, crash ? StopCause.Crash : StopCause.Itself);

    /// <summary>The host's power was cut: no guest survives it.</summary>
    public void LosePower()
    {
        BootId = Id.New();
        foreach (var guest in _guests.Values) if (guest.Power is GuestPower.Running or GuestPower.Paused) guest.Turn(GuestPower.Stopped, StopCause.Unknown);
    }

    public Task EnsureGone(string id, CancellationToken ct)
    {
        if (_guests.TryRemove(id, out _)) Changed?.Invoke(id);
        return Task.CompletedTask;
    }

    public Task Grow(string id, string file, long bytes, CancellationToken ct)
    {
        Need(id, "grow");
        return Task.CompletedTask;
    }

    public Task Copy(string id, string file, string into, CancellationToken ct)
    {
        Need(id, "copy");
        return File.WriteAllBytesAsync(into, EmptyQcow2.Bytes(1L << 30), ct);
    }

    public async Task Move(string id, string address, CancellationToken ct)
    {
        if (Need(id, "move").Power is not (GuestPower.Running or GuestPower.Paused)) throw new EngineFault("simulated", "move", "the guest is not running", transient: true);
        if (reachable?.GetValueOrDefault(address) is not { } there) throw new EngineFault("simulated", "move", $"nobody answers at {address}", transient: true);
        await Task.Delay(MoveTime, clock, ct);
        if (!_guests.TryRemove(id, out var guest)) throw new EngineFault("simulated", "move", $"there is no guest xy-{id} any more", transient: true);
        there._guests[id] = guest;
        Changed?.Invoke(id);
        there.Changed?.Invoke(id);
    }

    public Task<MoveProgress?> Moves(string id, CancellationToken ct) => Task.FromResult<MoveProgress?>(null);

    public Task Interrupt(string id, CancellationToken ct) =>
        Need(id, "nmi").Power is GuestPower.Running or GuestPower.Paused ? Task.CompletedTask : throw new EngineFault("simulated", "nmi", "the guest is not running", transient: false);

    public Task SetPassword(string id, string user, string password, CancellationToken ct) =>
        throw new EngineFault("simulated", "password", "a simulated guest has no agent inside that could set a password", transient: false);

    public Task<string> ConsoleLog(string id, int lines, CancellationToken ct) => Task.FromResult(ConsoleText.Last(Need(id, "console").Log(id), lines));

    public Task<Stream> Console(string id, ConsoleKind kind, CancellationToken ct)
    {
        if (Need(id, "console").Power != GuestPower.Running) throw CloudError.Conflict("The server is not running: it has no console.");
        var (ours, theirs) = DuplexStream.Pair();
        _ = SimulatedConsole.Serve(theirs, kind, id);
        return Task.FromResult<Stream>(ours);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SimulatedGuest Need(string id, string verb) => _guests.TryGetValue(id, out var guest) ? guest : throw new EngineFault("simulated", verb, $"there is no guest xy-{id}", transient: true);

    private Task Turn(string id, string verb, GuestPower power, StopCause cause)
    {
        Need(id, verb).Turn(power, cause);
        Changed?.Invoke(id);
        return Task.CompletedTask;
    }
}
