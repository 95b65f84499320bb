namespace Xiangyun.Identity;

// Rows of the catalogue beside what this server offers itself, and stored credentials.

internal sealed class RegionRow
{
    public required string Id { get; init; }
    public string Description { get; init; } = "";
    public string? ParentId { get; init; }
}

internal sealed class ServiceRow
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public bool Enabled { get; init; }
    public string Extra { get; init; } = "{}";
}

internal sealed class EndpointRow
{
    public required string Id { get; init; }
    public required string ServiceId { get; init; }
    /// <summary>public, internal or admin</summary>
    public required string Interface { get; init; }
    public string? RegionId { get; init; }
    public required string Url { get; init; }
    public bool Enabled { get; init; }
    public string Extra { get; init; } = "{}";
}

internal sealed class CredentialRow
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public string? ProjectId { get; init; }
    public required string Type { get; init; }
    /// <summary>The blob, encrypted with the key ring: these are secrets that must be shown again.</summary>
    public required string SealedBlob { get; init; }
    public string Extra { get; init; } = "{}";
}
