namespace Xiangyun.Network.Tags;

internal sealed class TagRow
{
    public required string ResourceId { get; init; }
    public required string Tag { get; init; }
}
