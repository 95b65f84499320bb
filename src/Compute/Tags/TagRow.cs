namespace Xiangyun.Compute.Tags;

/// <summary>A word that the owner of a server put on it, to find it by.</summary>
internal sealed class TagRow
{
    public required string ServerId { get; init; }
    public required string Tag { get; init; }
}
