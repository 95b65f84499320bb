namespace Xiangyun.Store.Recycling;

/// <summary>One thing in the recycle bin.</summary>
public sealed class Recycled
{
    public required string Id { get; init; }
    public required string? Name { get; init; }
    public required string ProjectId { get; init; }
    public long DeletedAt { get; init; }
    /// <summary>Then it is deleted for good.</summary>
    public long Until { get; init; }
}

/// <summary>
/// A module whose things go to the recycle bin before they are deleted. There they count for the quota, run nowhere and
/// are in no list of their service; restoring therefore always succeeds.
/// </summary>
public interface IRecycled
{
    /// <summary>server, volume, image</summary>
    string Kind { get; }

    IQueryable<Recycled> Rows(Query q);

    Task Restore(Tx tx, Recycled thing);

    /// <summary>The deletion for good.</summary>
    Task Purge(Tx tx, Recycled thing);
}
