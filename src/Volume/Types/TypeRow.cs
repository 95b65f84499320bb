namespace Xiangyun.Volume.Types;

internal sealed class TypeRow
{
    public const string DefaultName = "__DEFAULT__";
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public bool IsPublic { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
}

/// <summary>What a project's volumes are of when nothing else was asked for.</summary>
internal sealed class DefaultTypeRow
{
    public required string ProjectId { get; init; }
    public required string TypeId { get; init; }
}

internal sealed class SpecRow
{
    public required string TypeId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}

/// <summary>A project that may use a type which is not public.</summary>
internal sealed class TypeProjectRow
{
    public required string TypeId { get; init; }
    public required string ProjectId { get; init; }
}
