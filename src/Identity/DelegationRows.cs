namespace Xiangyun.Identity;

// Rows of what is handed to others, of which endpoints a project sees, and of unified limits.

internal sealed class TrustRow
{
    public required string Id { get; init; }
    public required string TrustorId { get; init; }
    public required string TrusteeId { get; init; }
    public string? ProjectId { get; init; }
    public bool Impersonation { get; init; }
    /// <summary>JSON list of role ids.</summary>
    public required string Roles { get; init; }
    public long? ExpiresAt { get; init; }
    public long? RemainingUses { get; init; }
    public string? RedelegatedFrom { get; init; }
    /// <summary>How many more times it may be handed on; 0 = never.</summary>
    public long RedelegationCount { get; init; }
    public string Extra { get; init; } = "{}";
    public long CreatedAt { get; init; }
}

internal sealed class AccessRuleRow
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public required string Service { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
}

internal sealed class EndpointGroupRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    /// <summary>JSON object: service_id, interface, region_id.</summary>
    public required string Filters { get; init; }
}

internal sealed class ProjectEndpointRow
{
    public required string ProjectId { get; init; }
    public required string EndpointId { get; init; }
}

internal sealed class ProjectEndpointGroupRow
{
    public required string ProjectId { get; init; }
    public required string GroupId { get; init; }
}

internal sealed class RegisteredLimitRow
{
    public required string Id { get; init; }
    public required string ServiceId { get; init; }
    public string? RegionId { get; init; }
    public required string ResourceName { get; init; }
    public long DefaultLimit { get; init; }
    public string? Description { get; init; }
}

internal sealed class LimitRow
{
    public required string Id { get; init; }
    public string? ProjectId { get; init; }
    public string? DomainId { get; init; }
    public required string ServiceId { get; init; }
    public string? RegionId { get; init; }
    public required string ResourceName { get; init; }
    public long ResourceLimit { get; init; }
    public string? Description { get; init; }
}
