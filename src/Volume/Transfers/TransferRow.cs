using System.Security.Cryptography;
using System.Text;

namespace Xiangyun.Volume.Transfers;

/// <summary>An offer of a volume to whoever knows its key.</summary>
internal sealed class TransferRow
{
    /// <summary>What stands as the volume's status meanwhile.</summary>
    public const string Held = "awaiting-transfer";

    public required string Id { get; init; }
    public required string VolumeId { get; init; }
    public required string ProjectId { get; init; }
    public string? Name { get; init; }
    /// <summary>The snapshots stay where they are.</summary>
    public bool NoSnapshots { get; init; }
    public required string Salt { get; init; }
    public required string KeyHash { get; init; }
    public long CreatedAt { get; init; }

    public static string Hash(string salt, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + key)));

    public bool Opens(string key) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(Salt, key)), Encoding.ASCII.GetBytes(KeyHash));
}
