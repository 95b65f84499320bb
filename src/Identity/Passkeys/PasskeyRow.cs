namespace Xiangyun.Identity.Passkeys;

/// <summary>A passkey (WebAuthn credential) of a user: its public half.</summary>
internal sealed class PasskeyRow
{
    /// <summary>What the authenticator calls it, base64url.</summary>
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public required string Name { get; init; }
    /// <summary>The address of the console where it was made; it is good nowhere else.</summary>
    public required string Origin { get; init; }
    /// <summary>COSE, base64.</summary>
    public required string PublicKey { get; init; }
    /// <summary>JSON: how the browser reaches it.</summary>
    public required string Transports { get; init; }
    /// <summary>The authenticator's own count of uses, where it keeps one: it never goes back.</summary>
    public long SignCount { get; init; }
    public bool BackupEligible { get; init; }
    public bool BackedUp { get; init; }
    /// <summary>When the challenge was made that it answered last: an older one, or the same again, is not taken.</summary>
    public long ChallengeAt { get; init; }
    public long CreatedAt { get; init; }
    public long? UsedAt { get; init; }
}
