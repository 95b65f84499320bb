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
    /// <summary>Host by host what <see cref="Message"/> counts: only administrators are told.</summary>
    public string? Details { get; init; }

    public static void Add(Tx tx, string serverId, string projectId, string action, string? message = null, string? details = null) => tx.Db<ComputeDb>().Add(new ServerActionRow
    {
        Id = Kernel.Id.New(), ServerId = serverId, Action = action, RequestId = tx.Actor.RequestId, UserId = tx.Actor.UserId, ProjectId = projectId, StartedAt = tx.Now, Message = message, Details = details,
    });

    /// <summary>Everything that was begun is over: the server is what was wanted.</summary>
    /// <param name="why">Why it is not, and will not be.</param>
    public static Task Finish(Tx tx, string serverId, string? why = null) => tx.Db<ComputeDb>().Actions.Where(a => a.ServerId == serverId && a.FinishedAt == null && !Copies.Contains(a.Action))
        .ExecuteUpdateAsync(s => s.SetProperty(a => a.FinishedAt, tx.Now).SetProperty(a => a.Message, a => why ?? a.Message));

    /// <summary>What copies a disk beside the server's own life; each ends with its own copy.</summary>
    public static readonly string[] Copies = ["createImage", "createBackup"];

    /// <param name="why">Why there is no image; null when there is.</param>
    public static Task Copied(Tx tx, SnapshotRow snapshot, string? why) => tx.Db<ComputeDb>().Actions.Where(a => a.ServerId == snapshot.ServerId && a.StartedAt == snapshot.StartedAt && a.FinishedAt == null && Copies.Contains(a.Action))
        .ExecuteUpdateAsync(s => s.SetProperty(a => a.FinishedAt, tx.Now).SetProperty(a => a.Message, a => why ?? a.Message));
}
