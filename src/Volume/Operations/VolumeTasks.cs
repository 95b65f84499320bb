using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Operations;

/// <summary>Volumes and snapshots that are made, grown or filled.</summary>
internal sealed class VolumeTasks : ITaskSource
{
    private static readonly string[] Filling = ["image", "fill"], Growing = ["extend"];

    public string Name => "volume";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var (rows, since) = (q.Db<VolumeDb>().Actions.AsQueryable(), sought.EndedSince);
        if (sought.Projects is { } projects) rows = rows.Where(a => projects.Contains(a.ProjectId));
        return await Views(q, [.. await rows.Where(a => a.EndedAt == null).ToListAsync(), .. await rows.Where(a => a.EndedAt >= since).OrderByDescending(a => a.Id).Take(sought.Most).ToListAsync()]);
    }

    public async Task<TaskView?> Find(Query q, string id) => await q.Db<VolumeDb>().Actions.SingleOrDefaultAsync(a => a.Id == id) is { } row ? (await Views(q, [row])).Single() : null;

    private static async Task<IReadOnlyList<TaskView>> Views(Query q, IReadOnlyList<VolumeActionRow> rows)
    {
        var volumes = new Dictionary<string, VolumeRow>();
        foreach (var ids in rows.Select(r => r.VolumeId).Distinct().Chunk(400)) foreach (var v in await q.Db<VolumeDb>().Volumes.Where(v => ids.Contains(v.Id)).ToListAsync()) volumes[v.Id] = v;
        var pushes = await Meters.Find(q, [.. volumes.Values.Where(v => v.ImageId is not null && (!v.Present || v.SeenContent < v.Content)).Select(Push).Distinct()]);
        return [.. rows.Select(r => View(r, volumes.GetValueOrDefault(r.VolumeId), pushes, q.Now))];
    }

    private static string Push(VolumeRow v) => $"push:{v.HostId}:{v.ImageId}";

    private static TaskView View(VolumeActionRow a, VolumeRow? v, IReadOnlyDictionary<string, ProgressRow> pushes, long now)
    {
        var failed = a.EndedAt is null && v is not null && VolumeState.Faulty(v, now);
        var state = a.EndedAt is not null || v is null ? TaskStates.Done : failed ? TaskStates.Failed : v.SeenGeneration < v.Generation ? TaskStates.Waiting : TaskStates.Running;
        var open = state is TaskStates.Running or TaskStates.Waiting;
        var push = open && v!.ImageId is not null ? pushes.GetValueOrDefault(Push(v)) : null;
        var copying = push is { EndedAt: null } && !push.Lost(now);
        var stages = a.Kind == VolumeActionRow.Extend ? Growing : Filling;
        return new TaskView
        {
            Id = "volume." + a.Id, Kind = "volume." + a.Kind, State = copying ? TaskStates.Running : state, ObjectKind = v?.SnapshotOf is not null ? "snapshot" : "volume", ObjectId = a.VolumeId, ObjectName = v?.Name, ProjectId = a.ProjectId, UserId = a.UserId,
            Stage = open ? copying ? "image" : stages[^1] : null, Stages = stages, Progress = copying ? push!.Now : null, StartedAt = a.StartedAt, EndedAt = a.EndedAt ?? (failed ? v!.FaultSince : null), Error = failed ? v!.Fault : null,
            Can = a.EndedAt is not null || v is null or { Gone: true } ? [] : failed && v.HostId.Length > 0 ? v.Present ? [TaskVerbs.Retry] : [TaskVerbs.Retry, TaskVerbs.Stop] : v.Present ? [] : [TaskVerbs.Stop], Rule = "volume:write",
        };
    }

    public async Task Do(Tx tx, string id, string verb)
    {
        var action = await tx.Db<VolumeDb>().Actions.SingleOrDefaultAsync(a => a.Id == id) ?? throw CloudError.NotFound($"There is no task {Name}.{id}.");
        var view = (await Views(tx, [action])).Single();
        if (!view.Can.Contains(verb)) throw CloudError.Conflict($"This cannot be done any more: {view.Kind} is {view.State}.");
        var row = await tx.Db<VolumeDb>().Volumes.SingleAsync(v => v.Id == action.VolumeId);
        if (verb == TaskVerbs.Stop)
        {
            if (await tx.Db<VolumeDb>().Attachments.AnyAsync(a => a.VolumeId == row.Id)) throw CloudError.Conflict($"Volume {row.Id} is wanted by a server; detach it, or delete the server, first.");
            await VolumeStore.Doom(tx, row);
            tx.Audit(row.SnapshotOf is null ? "volume.delete" : "snapshot.delete", row.SnapshotOf is null ? "volume" : "snapshot", row.Id, row.ProjectId, new { stopped = action.Kind });
            return;
        }
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.Generation, v => v.Generation + 1).SetProperty(v => v.Fault, (string?)null).SetProperty(v => v.UpdatedAt, tx.Now));
        tx.Audit("volume.retry", row.SnapshotOf is null ? "volume" : "snapshot", row.Id, row.ProjectId, new { again = action.Kind });
        tx.Wake(FleetWork.Host, row.HostId);
        tx.Changed(IVolumes.VolumeChanged, row.Id);
    }
}
