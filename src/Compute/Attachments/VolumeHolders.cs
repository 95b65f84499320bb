using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Attachments;

/// <summary>A volume that grows while a server has it is one of the server's actions.</summary>
internal sealed class VolumeHolders : IVolumeHolders
{
    private const string Action = "extend_volume";

    public Task Growing(Tx tx, string serverId, string projectId)
    {
        ServerActionRow.Add(tx, serverId, projectId, Action);
        return Task.CompletedTask;
    }

    public Task Grown(Tx tx, string serverId) => tx.Db<ComputeDb>().Actions.Where(a => a.ServerId == serverId && a.Action == Action && a.FinishedAt == null).ExecuteUpdateAsync(s => s.SetProperty(a => a.FinishedAt, tx.Now));
}
