namespace Xiangyun.Image.Metadefs;

// Metadata definitions as they are stored.

internal sealed class NamespaceRow
{
    /// <summary>The namespace's name; it cannot be changed.</summary>
    public required string Id { get; init; }
    public required string OwnerId { get; init; }
    public required string Visibility { get; init; }
    public bool Protected { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

internal sealed class EntryRow
{
    public required string NamespaceId { get; init; }
    /// <summary>object, property, tag or resource_type</summary>
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Body { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}
