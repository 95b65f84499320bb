namespace Xiangyun.Compute.Keypairs;

/// <summary>A public key (or, of kind x509, a certificate) of a user. The private half of a generated pair is answered once and never kept.</summary>
internal sealed class KeypairRow
{
    public required string UserId { get; init; }
    public required string Name { get; init; }
    public required string PublicKey { get; init; }
    public required string Fingerprint { get; init; }
    /// <summary>ssh or x509.</summary>
    public string Kind { get; init; } = "ssh";
    public long Number { get; init; }
    public long CreatedAt { get; init; }
}
