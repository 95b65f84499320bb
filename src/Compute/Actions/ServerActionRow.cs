using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Actions;

/// <summary>One thing that somebody did to a server, for its owner to read.</summary>
internal sealed class ServerActionRow
{
    public required string Id { get; init; }
    public required string ServerId { get; init; }
    public required string Action { get; init; }
    public required string RequestId { get; init; }
    public required string UserId { get; init; }
    public required string ProjectId { get; init; }
    public long StartedAt { get; init; }
    /// <summary>When its host had done it; null = not yet, or nothing had to be done there.</summary>
    public long? FinishedAt { get; init; }
    public string? Message { get; init; }

    public static void Add(Tx tx, string serverId, string projectId, string action, string? message = null) => tx.Db<ComputeDb>().Add(new ServerActionRow
    {
        Id = Kernel.Id.New(), ServerId = serverId, Action = action, RequestId = tx.Actor.RequestId, UserId = tx.Actor.UserId, ProjectId = projectId, StartedAt = tx.Now, Message = message,
    });

    /// <summary>The server is what was wanted: everything that was begun is done.</summary>
    public static Task Finish(Tx tx, string serverId) => tx.Db<ComputeDb>().Actions.Where(a => a.ServerId == serverId && a.FinishedAt == null).ExecuteUpdateAsync(s => s.SetProperty(a => a.FinishedAt, tx.Now));
}
