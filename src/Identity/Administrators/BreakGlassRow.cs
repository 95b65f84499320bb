namespace Xiangyun.Identity.Administrators;

internal sealed class BreakGlassRow
{
    public required string Id { get; init; }
    /// <summary>Whose password is to be set.</summary>
    public required string UserId { get; init; }
    public required string Reason { get; init; }
    /// <summary>How long it stays open once agreed to.</summary>
    public long Minutes { get; init; }
    public required string AskedBy { get; init; }
    public required string AskedAs { get; init; }
    public long AskedAt { get; init; }
    public string? AgreedBy { get; init; }
    public string? AgreedAs { get; init; }
    public long? AgreedAt { get; init; }
    public string? UsedBy { get; init; }
    public long? UsedAt { get; init; }
    public string? ClosedBy { get; init; }
    public long? ClosedAt { get; init; }

    /// <summary>An hour to find the second person.</summary>
    private const long Patience = 60 * 60_000;

    public long? Until => AgreedAt + Minutes * 60_000;

    /// <summary>A question of the clock: nothing has to run for it to end.</summary>
    public string State(long now) =>
        UsedAt is not null ? "used" : ClosedAt is not null ? "closed" : AgreedAt is null ? now < AskedAt + Patience ? "asked" : "expired" : now < Until ? "open" : "expired";
}
