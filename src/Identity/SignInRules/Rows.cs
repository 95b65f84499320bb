namespace Xiangyun.Identity.SignInRules;

/// <summary>What a domain demands of its people when they sign in; without a row, nothing.</summary>
internal sealed class PolicyRow
{
    public required string DomainId { get; init; }
    /// <summary>Whoever signs in with a password needs a one-time code as well.</summary>
    public bool SecondFactor { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>One sign-in, under the audit id of its first token, which those made from it carry too; rows of expired ones go when their user comes again.</summary>
internal sealed class SessionRow
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public long IssuedAt { get; init; }
    public long ExpiresAt { get; init; }
    public required string Methods { get; init; }
    public required string Scope { get; init; }
    public string? TargetId { get; init; }
    public required string Remote { get; init; }
    public required string Agent { get; init; }
}
