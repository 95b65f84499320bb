namespace Xiangyun.Engines.Guests;

/// <summary>
/// Makes, runs and removes the guests of one host. Every verb may be called again at any time and then changes nothing
/// more; none retries or waits for the guest's cooperation: the caller is level-triggered and looks again.
/// Faults are <see cref="Kernel.EngineFault"/>.
/// </summary>
public interface IGuestEngine : IAsyncDisposable
{
    /// <summary>Some guest changed (its id), or anything may have (empty: the engine came back). Never blocks the engine.</summary>
    event Action<string>? Changed;

    /// <summary>Changes when running guests cannot have survived since: host restart.</summary>
    string BootId { get; }

    Task<EngineFacts> Facts(CancellationToken ct);

    /// <summary>Ids of all guests of ours on this host, wanted or not.</summary>
    Task<IReadOnlyList<string>> List(CancellationToken ct);

    /// <summary>null = there is no such guest.</summary>
    Task<GuestSeen?> Look(string id, CancellationToken ct);

    /// <summary>What every running guest has used, in one look.</summary>
    Task<IReadOnlyList<GuestUse>> Use(CancellationToken ct);

    /// <summary>The stored definition equals the spec; a running guest is asked to take or release volumes and NICs.</summary>
    /// <returns>false while the running guest has not done so yet: call again.</returns>
    Task<bool> Ensure(GuestSpec spec, CancellationToken ct);

    /// <summary>Starts, resumes or restores it.</summary>
    Task EnsureRunning(string id, CancellationToken ct);
    Task EnsurePaused(string id, CancellationToken ct);

    /// <summary>State saved to disk, no process left.</summary>
    Task EnsureSuspended(string id, CancellationToken ct);

    /// <summary>Presses the power button; the guest may take its time or ignore it.</summary>
    Task AskToStop(string id, CancellationToken ct);

    /// <summary>Pulls the plug; a saved state is dropped too.</summary>
    Task EnsureStopped(string id, CancellationToken ct);

    /// <summary>Stopped, definition, saved state and logs removed. Disks are not the engine's.</summary>
    Task EnsureGone(string id, CancellationToken ct);

    /// <summary>Tells a running guest that a disk is now this large; does nothing when it is.</summary>
    Task Grow(string id, string file, long bytes, CancellationToken ct);

    /// <summary>Writes a consistent copy of a running guest's disk into a new qcow2 file.</summary>
    Task Copy(string id, string file, string into, CancellationToken ct);

    /// <summary>
    /// Moves a running or paused guest to another host with memory and writable disks, and returns when it runs there and is forgotten here. An empty disk
    /// of the same size and path must wait there. When it fails the guest runs on here; cancelling gives the move up.
    /// </summary>
    /// <param name="address">Where that host is reached by others.</param>
    Task Move(string id, string address, CancellationToken ct);

    /// <summary>How far a move is, perhaps one that was begun before this process; null = none is under way.</summary>
    Task<MoveProgress?> Moves(string id, CancellationToken ct);

    /// <summary>A non-maskable interrupt: kernels that are set up so write a crash dump.</summary>
    Task Interrupt(string id, CancellationToken ct);

    /// <summary>Sets a user's password through the agent inside the guest.</summary>
    /// <exception cref="Kernel.EngineFault">No agent answers inside the guest.</exception>
    Task SetPassword(string id, string user, string password, CancellationToken ct);

    /// <param name="lines">0 = all that is kept.</param>
    Task<string> ConsoleLog(string id, int lines, CancellationToken ct);

    /// <summary>A two-way byte stream of the screen (RFB) or the serial line.</summary>
    Task<Stream> Console(string id, ConsoleKind kind, CancellationToken ct);
}

public enum ConsoleKind { Vnc, Serial }
