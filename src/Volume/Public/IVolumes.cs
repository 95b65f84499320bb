using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Volume.Public;

public sealed record VolumeView
{
    public required string Id { get; init; }
    public string Name { get; init; } = "";
    public required string ProjectId { get; init; }
    public required string Status { get; init; }
    public int SizeGib { get; init; }
    public string? HostId { get; init; }
    public bool Bootable { get; init; }
    public bool Multiattach { get; init; }
    public long Content { get; init; }
    /// <summary>Attached to more than one server.</summary>
    public bool Shared { get; init; }
    /// <summary>What went wrong on the host, in plain words; null = nothing.</summary>
    public string? Fault { get; init; }
    /// <summary>Properties of the image that it was made of (hw_*, image_id ...).</summary>
    public IReadOnlyDictionary<string, string> ImageProperties { get; init; } = new Dictionary<string, string>();
}

/// <summary>One volume attached to one server; <see cref="State"/> is attaching, attached or detaching.</summary>
public sealed record AttachmentView(string Id, string VolumeId, string ServerId, string Device, int BootIndex, bool DeleteOnTermination, string State)
{
    /// <summary>Which filling of the volume the server shall find.</summary>
    public long Content { get; init; }
    /// <summary>Other servers may have the volume, too.</summary>
    public bool Shared { get; init; }
}

/// <summary>What servers have attached. Read only, so that modules that are asked while room is found can ask it.</summary>
public interface IAttached
{
    Task<ILookup<string, AttachmentView>> OfServers(Query q, IReadOnlyCollection<string> serverIds);
}

public interface IVolumes : IAttached
{
    Task<VolumeView?> Find(Query q, Actor actor, string volumeId);

    /// <summary>Reserves the volume for the server: available -> attaching. CloudError Invalid/Conflict as Cinder words it.</summary>
    /// <param name="device">A wish (<c>/dev/vdc</c>); the answer's Device always has the form <c>/dev/vdb</c>.</param>
    /// <param name="beingMade">It was made for this server just now: the host waits for it.</param>
    /// <param name="serverHostId">The host that the server is on: a volume that cannot be reached from there is refused, or moved when nothing was ever written. Null = not placed yet.</param>
    Task<AttachmentView> Attach(Tx tx, Actor actor, string volumeId, string serverId, string? device, int bootIndex = -1, bool deleteOnTermination = false, string? serverHostId = null, bool beingMade = false);

    /// <summary>Whether the volume goes with its server.</summary>
    Task Keep(Tx tx, string volumeId, string serverId, bool deleteOnTermination);

    /// <summary>The server left its host for a shelf: its volumes stay reserved for it, and no host has them.</summary>
    Task Park(Tx tx, string serverId);

    /// <summary>in-use -> detaching; the volume is available again once the host has let it go.</summary>
    Task Detach(Tx tx, string volumeId, string serverId);

    /// <summary>The server is gone: nothing holds its volumes any more; those marked so are deleted.</summary>
    Task ServerGone(Tx tx, string serverId);

    /// <summary>The host runs (or no longer runs) the server with these volumes attached.</summary>
    Task Seen(Tx tx, string serverId, IReadOnlyCollection<string> attachedVolumeIds);

    /// <summary>Fills the volume anew with an image; whoever has it attached must be stopped until that is done. CloudError Invalid when it does not fit.</summary>
    Task Reimage(Tx tx, Actor actor, string volumeId, string imageId);

    /// <summary>A new volume from an image for boot from volume.</summary>
    Task<VolumeView> Create(Tx tx, Actor actor, string name, int sizeGib, string? imageId, string? sourceVolumeId, string? onlyHostId = null, string? snapshotId = null, string? volumeType = null);

    /// <summary>Change kind that Volume reports when a volume's status changed.</summary>
    public const string VolumeChanged = "volume";
}
