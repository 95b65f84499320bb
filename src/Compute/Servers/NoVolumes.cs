using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>Stands in as long as the volume module is not part of the server: there are no volumes then.</summary>
internal sealed class NoVolumes : IVolumes
{
    public Task<VolumeView?> Find(Query q, Actor actor, string volumeId) => Task.FromResult<VolumeView?>(null);
    public Task<AttachmentView> Attach(Tx tx, Actor actor, string volumeId, string serverId, string? device, int bootIndex = -1, bool deleteOnTermination = false) => throw CloudError.Unavailable("This cloud has no volumes.");
    public Task Detach(Tx tx, string volumeId, string serverId) => Task.CompletedTask;
    public Task ServerGone(Tx tx, string serverId) => Task.CompletedTask;
    public Task Seen(Tx tx, string serverId, IReadOnlyCollection<string> attachedVolumeIds) => Task.CompletedTask;
    public Task<VolumeView> Create(Tx tx, Actor actor, string name, int sizeGib, string? imageId, string? sourceVolumeId) => throw CloudError.Unavailable("This cloud has no volumes.");
    public Task<ILookup<string, AttachmentView>> OfServers(Query q, IReadOnlyCollection<string> serverIds) => Task.FromResult(Array.Empty<AttachmentView>().ToLookup(a => a.ServerId));
}
