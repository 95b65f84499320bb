namespace Xiangyun.Compute.Servers;

/// <summary>
/// A host that is not the server's own (any more) but holds something of it: <see cref="Power.Stopped"/> keeps its disk for a
/// way back, <see cref="Power.Running"/> runs it until it has moved to its own host, <see cref="Power.Gone"/> is to be removed. The row goes when the host reports that nothing is left.
/// </summary>
internal sealed class PlaceRow
{
    public required string ServerId { get; init; }
    public required string HostId { get; init; }
    public required string Want { get; init; }
    public long Generation { get; init; }
    public string Seen { get; init; } = Power.Unseen;
    public long SeenGeneration { get; init; }
    /// <summary>Of one that a running guest leaves: the size of its root disk (0 = not told yet), whether its own host awaits it, and why it could not leave.</summary>
    public long DiskBytes { get; init; }
    public bool Awaited { get; init; }
    public string? Fault { get; init; }
}
