using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Store;

namespace Xiangyun.Compute.Actions;

/// <summary>Writes the list of resizes and moves that administrators read.</summary>
internal static class Migrations
{
    public static async Task Add(Tx tx, ServerRow row, string id, string kind, string? target, string newFlavorId)
    {
        await tx.Lock("server_migration");
        var last = await tx.Db<ComputeDb>().Migrations.Select(m => (long?)m.Number).MaxAsync() ?? 0;
        tx.Db<ComputeDb>().Add(new MigrationRow
        {
            Id = id, Number = last + 1, ServerId = row.Id, ProjectId = row.ProjectId, UserId = tx.Actor.UserId, Kind = kind, Status = MigrationRow.Migrating,
            SourceHostId = row.HostId, TargetHostId = target, OldFlavorId = row.FlavorId, NewFlavorId = newFlavorId, CreatedAt = tx.Now, UpdatedAt = tx.Now,
        });
        await tx.Save();
    }

    public static Task Set(Tx tx, string id, string status) => tx.Db<ComputeDb>().Migrations.Where(m => m.Id == id)
        .ExecuteUpdateAsync(s => s.SetProperty(m => m.Status, status).SetProperty(m => m.UpdatedAt, tx.Now));

    /// <summary>The host has done it: what waited for that is over.</summary>
    public static Task Arrived(Tx tx, string serverId) => tx.Db<ComputeDb>().Migrations.Where(m => m.ServerId == serverId && m.Status == MigrationRow.Migrating)
        .ExecuteUpdateAsync(s => s.SetProperty(m => m.Status, m => m.Kind == MigrationRow.Live ? MigrationRow.Completed : m.Kind == MigrationRow.Evacuation ? MigrationRow.Done : MigrationRow.Finished)
            .SetProperty(m => m.UpdatedAt, tx.Now));
}
