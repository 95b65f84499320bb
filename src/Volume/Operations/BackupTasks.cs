using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;
using Xiangyun.Volume.Backups;
using Xiangyun.Volume.Uploads;

namespace Xiangyun.Volume.Operations;

/// <summary>Backups, and volumes that are copied into an image: both flow into the image store, where they are counted.</summary>
internal sealed class BackupTasks : ITaskSource
{
    private const string Upload = "upload-";
    private static readonly string[] Stages = ["snapshot", "copy"];

    public string Name => "backup";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var (rows, since) = (q.Db<VolumeDb>().Backups.Where(b => !b.Gone), sought.EndedSince);
        if (sought.Projects is { } projects) rows = rows.Where(b => projects.Contains(b.ProjectId));
        var open = await rows.Where(b => !b.Filled && b.Fault == null).ToListAsync();
        return [.. await Views(q, [.. open, .. await rows.Where(b => (b.Filled || b.Fault != null) && b.UpdatedAt >= since).OrderByDescending(b => b.Id).Take(sought.Most).ToListAsync()]), .. await Uploads(q, sought.Projects)];
    }

    public async Task<TaskView?> Find(Query q, string id) => id.StartsWith(Upload, StringComparison.Ordinal) ? (await Uploads(q, null)).SingleOrDefault(t => t.Id == "backup." + id)
        : await q.Db<VolumeDb>().Backups.SingleOrDefaultAsync(b => b.Id == id && !b.Gone) is { } row ? (await Views(q, [row])).Single() : null;

    private static async Task<IReadOnlyList<TaskView>> Views(Query q, IReadOnlyList<BackupRow> rows)
    {
        var counted = await Meters.Find(q, [.. rows.Where(b => b is { Filled: false, Fault: null }).Select(b => "fill:" + b.ImageId)]);
        return [.. rows.Select(b =>
        {
            var (state, copy) = (b.Fault is not null ? TaskStates.Failed : b.Filled ? TaskStates.Done : TaskStates.Running, counted.GetValueOrDefault("fill:" + b.ImageId));
            var copying = state == TaskStates.Running && copy is { EndedAt: null } && !copy.Lost(q.Now);
            return new TaskView
            {
                Id = "backup." + b.Id, Kind = "volume.backup", State = state, ObjectKind = "backup", ObjectId = b.Id, ObjectName = b.Name, ProjectId = b.ProjectId, UserId = b.UserId, Stage = state == TaskStates.Running ? copying ? "copy" : "snapshot" : null, Stages = Stages,
                Progress = copying ? copy!.Now : null, StartedAt = b.CreatedAt, EndedAt = state == TaskStates.Running ? null : b.UpdatedAt, Error = b.Fault, Can = state == TaskStates.Running ? [TaskVerbs.Stop] : [], Rule = "volume:write",
            };
        })];
    }

    private static async Task<IReadOnlyList<TaskView>> Uploads(Query q, IReadOnlyCollection<string>? projects)
    {
        var db = q.Db<VolumeDb>();
        var rows = await (from u in db.Uploads join v in db.Volumes on u.VolumeId equals v.Id select new { u.VolumeId, u.ImageId, u.CreatedAt, v.Name, v.ProjectId, v.UserId }).ToListAsync();
        var counted = await Meters.Find(q, [.. rows.Select(u => "fill:" + u.ImageId)]);
        return [.. rows.Where(u => projects is null || projects.Contains(u.ProjectId)).Select(u => new TaskView
        {
            Id = $"backup.{Upload}{u.VolumeId}", Kind = "volume.to_image", State = TaskStates.Running, ObjectKind = "volume", ObjectId = u.VolumeId, ObjectName = u.Name, ProjectId = u.ProjectId, Stage = "copy", Stages = ["copy"],
            Progress = counted.GetValueOrDefault("fill:" + u.ImageId) is { EndedAt: null } copy && !copy.Lost(q.Now) ? copy.Now : null, StartedAt = u.CreatedAt, Can = [TaskVerbs.Stop], Rule = "volume:write",
        })];
    }

    public async Task Do(Tx tx, string id, string verb)
    {
        if (id.StartsWith(Upload, StringComparison.Ordinal))
        {
            var volume = id[Upload.Length..];
            var project = await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == volume).Select(v => v.ProjectId).SingleOrDefaultAsync();
            if (verb != TaskVerbs.Stop || await tx.Db<VolumeDb>().Uploads.Where(u => u.VolumeId == volume).ExecuteDeleteAsync() == 0) throw CloudError.Conflict("The volume is not being copied any more.");
            tx.Audit("volume.stop_upload", "volume", volume, project);
            tx.Changed(Public.IVolumes.VolumeChanged, volume);
            tx.Wake(UploadReconciler.Work, volume);
            return;
        }
        var row = await BackupStore.Get(tx, tx.Actor, id);
        if (verb != TaskVerbs.Stop || row.Filled || row.Fault is not null || row.Gone) throw CloudError.Conflict($"This cannot be done any more: the backup is {row.Status(false)}.");
        await BackupStore.Delete(tx, row, "backup.delete", force: true);
    }
}
