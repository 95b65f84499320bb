namespace Xiangyun.Volume.Types;

/// <summary>A named set of limits for the volumes of the types that it is associated with.</summary>
internal sealed class QosRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Consumer { get; init; }
    public long CreatedAt { get; init; }
}

internal sealed class QosSpecRow
{
    public required string QosId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}

internal sealed class TypeQosRow
{
    public required string TypeId { get; init; }
    public required string QosId { get; init; }
}
