using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Chaos;

/// <summary>A guest engine that a <see cref="Strike"/> may hit.</summary>
public sealed class ChaosGuests(IGuestEngine inner, Strike strike) : IGuestEngine
{
    private const string Engine = "guests";

    public event Action<string>? Changed
    {
        add => inner.Changed += value;
        remove => inner.Changed -= value;
    }

    public string BootId => inner.BootId;
    public Task<EngineFacts> Facts(CancellationToken ct) => inner.Facts(ct);
    public Task<IReadOnlyList<string>> List(CancellationToken ct) => strike.Around(Engine, "list", () => inner.List(ct));
    public Task<GuestSeen?> Look(string id, CancellationToken ct) => strike.Around(Engine, "look", () => inner.Look(id, ct));
    public Task<IReadOnlyList<GuestUse>> Use(CancellationToken ct) => inner.Use(ct);
    public Task<bool> Ensure(GuestSpec spec, CancellationToken ct) => strike.Around(Engine, "define", () => inner.Ensure(spec, ct));
    public Task EnsureRunning(string id, CancellationToken ct) => strike.Around(Engine, "start", () => inner.EnsureRunning(id, ct));
    public Task EnsurePaused(string id, CancellationToken ct) => strike.Around(Engine, "pause", () => inner.EnsurePaused(id, ct));
    public Task EnsureSuspended(string id, CancellationToken ct) => strike.Around(Engine, "suspend", () => inner.EnsureSuspended(id, ct));
    public Task AskToStop(string id, CancellationToken ct) => strike.Around(Engine, "stop", () => inner.AskToStop(id, ct));
    public Task EnsureStopped(string id, CancellationToken ct) => strike.Around(Engine, "stop", () => inner.EnsureStopped(id, ct));
    public Task EnsureGone(string id, CancellationToken ct) => strike.Around(Engine, "gone", () => inner.EnsureGone(id, ct));
    public Task Grow(string id, string file, long bytes, CancellationToken ct) => strike.Around(Engine, "grow", () => inner.Grow(id, file, bytes, ct));
    public Task Copy(string id, string file, string into, CancellationToken ct) => strike.Around(Engine, "copy", () => inner.Copy(id, file, into, ct));
    public Task Move(string id, string address, CancellationToken ct) => strike.Around(Engine, "move", () => inner.Move(id, address, ct));
    public Task<MoveProgress?> Moves(string id, CancellationToken ct) => inner.Moves(id, ct);
    public Task Interrupt(string id, CancellationToken ct) => inner.Interrupt(id, ct);
    public Task SetPassword(string id, string user, string password, CancellationToken ct) => inner.SetPassword(id, user, password, ct);
    public Task<string> ConsoleLog(string id, int lines, CancellationToken ct) => inner.ConsoleLog(id, lines, ct);
    public Task<Stream> Console(string id, ConsoleKind kind, CancellationToken ct) => inner.Console(id, kind, ct);
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
