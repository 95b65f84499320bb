using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Image.Public;

public sealed record ImageView
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public required string Status { get; init; }
    public string? OwnerId { get; init; }
    public long Size { get; init; }
    public long VirtualSize { get; init; }
    public int MinDiskGib { get; init; }
    public int MinRamMib { get; init; }
    public string DiskFormat { get; init; } = "qcow2";
    public string Sha512 { get; init; } = "";
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
    public long UpdatedAt { get; init; }
}

public interface IImages
{
    /// <summary>null when it does not exist or the actor may not see it.</summary>
    Task<ImageView?> Find(Query q, Actor actor, string imageId);

    /// <summary>Regardless of who asks.</summary>
    Task<ImageView?> Find(Query q, string imageId);

    /// <summary>A queued image that a server snapshot or a volume upload will fill.</summary>
    Task<string> CreateQueued(Tx tx, string name, string diskFormat, IReadOnlyDictionary<string, string> properties, string ownerId);

    /// <summary>Fills a queued image; status becomes active, or stays queued when the stream breaks.</summary>
    Task Fill(string imageId, Func<Stream, Task> write, CancellationToken ct);

    /// <summary>Images that were made of a server, oldest first: those whose properties name it and have this <c>image_type</c>.</summary>
    Task<IReadOnlyList<ImageView>> OfServer(Query q, string serverId, string imageType);

    /// <summary>Removes an image that its service no longer needs; nothing when it is gone already.</summary>
    Task Delete(Tx tx, string imageId);
}
