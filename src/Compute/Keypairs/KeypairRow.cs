namespace Xiangyun.Compute.Keypairs;

/// <summary>A public key of a user. The private half of a generated pair is answered once and never kept.</summary>
internal sealed class KeypairRow
{
    public required string UserId { get; init; }
    public required string Name { get; init; }
    public required string PublicKey { get; init; }
    public required string Fingerprint { get; init; }
    public long CreatedAt { get; init; }
}
