using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Image.Imports;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Image.Operations;

/// <summary>Imports, which have rows of their own, and what clients upload, which is counted while it flows.</summary>
internal sealed class ImageTasks : ITaskSource
{
    private const string Upload = "upload-", Metered = "upload:";
    private const int MostOpen = 200;
    private static readonly string[] Stages = ["copy"];

    public string Name => "image";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var (rows, since) = (q.Db<ImageDb>().Tasks.AsQueryable(), sought.EndedSince);
        if (sought.Projects is { } projects) rows = rows.Where(t => projects.Contains(t.OwnerId));
        var imports = await rows.Where(t => t.Status == TaskRow.Pending).ToListAsync();
        imports.AddRange(await rows.Where(t => t.Status != TaskRow.Pending && t.UpdatedAt >= since).OrderByDescending(t => t.Id).Take(sought.Most).ToListAsync());
        var uploads = (await Meters.Begun(q, Metered, Math.Max(sought.Most, MostOpen))).Where(p => p.EndedAt is null || p.EndedAt >= since).ToList();
        return [.. await Imports(q, imports), .. (await Uploads(q, uploads)).Where(t => sought.Projects is null || sought.Projects.Contains(t.ProjectId!))];
    }

    public async Task<TaskView?> Find(Query q, string id) =>
        id.StartsWith(Upload, StringComparison.Ordinal) ? await Meters.Find(q, Metered + id[Upload.Length..]) is { } meter ? (await Uploads(q, [meter])).SingleOrDefault() : null
        : await q.Db<ImageDb>().Tasks.SingleOrDefaultAsync(t => t.Id == id) is { } row ? (await Imports(q, [row])).Single() : null;

    private static async Task<Dictionary<string, ImageRow>> Images(Query q, IEnumerable<string> all)
    {
        var found = new Dictionary<string, ImageRow>();
        foreach (var ids in all.Distinct().Chunk(400)) foreach (var i in await q.Db<ImageDb>().Images.Where(i => ids.Contains(i.Id)).ToListAsync()) found[i.Id] = i;
        return found;
    }

    private static async Task<IReadOnlyList<TaskView>> Imports(Query q, IReadOnlyList<TaskRow> rows)
    {
        var (images, counted) = (await Images(q, rows.Select(t => t.ImageId)), await Meters.Find(q, [.. rows.Where(t => t.Status == TaskRow.Pending).Select(t => "fill:" + t.ImageId)]));
        return [.. rows.Select(t =>
        {
            var (image, copy) = (images.GetValueOrDefault(t.ImageId), counted.GetValueOrDefault("fill:" + t.ImageId));
            var state = t.Status switch { TaskRow.Success => TaskStates.Done, TaskRow.Failure => TaskStates.Failed, _ => image?.SavingUntil > q.Now ? TaskStates.Running : TaskStates.Waiting };
            return new TaskView
            {
                Id = "image." + t.Id, Kind = "image.import", State = state, ObjectKind = "image", ObjectId = t.ImageId, ObjectName = image?.Name, ProjectId = t.OwnerId, UserId = t.UserId, Stage = state == TaskStates.Running ? "copy" : null, Stages = Stages,
                Progress = state == TaskStates.Running && copy is { EndedAt: null } && !copy.Lost(q.Now) ? copy.Now : null, StartedAt = t.CreatedAt, EndedAt = t.Status == TaskRow.Pending ? null : t.UpdatedAt, Error = t.Status == TaskRow.Failure ? t.Message : null,
                Can = state == TaskStates.Failed && image is { ImportFailed: true, ImportTask: null, DataFile: null } ? [TaskVerbs.Retry] : t.Status == TaskRow.Pending ? [TaskVerbs.Stop] : [], Rule = "image:write",
            };
        })];
    }

    private static async Task<IReadOnlyList<TaskView>> Uploads(Query q, IReadOnlyList<ProgressRow> meters)
    {
        var images = await Images(q, meters.Select(m => m.Id[Metered.Length..]));
        return [.. meters.Where(m => images.ContainsKey(m.Id[Metered.Length..])).Select(m =>
        {
            var image = images[m.Id[Metered.Length..]];
            var state = m.EndedAt is not null ? m.Error is null ? TaskStates.Done : TaskStates.Failed : m.Lost(q.Now) ? TaskStates.Failed : TaskStates.Running;
            return new TaskView
            {
                Id = $"image.{Upload}{image.Id}", Kind = "image.upload", State = state, ObjectKind = "image", ObjectId = image.Id, ObjectName = image.Name, ProjectId = image.OwnerId, Stage = state == TaskStates.Running ? "copy" : null, Stages = Stages,
                Progress = state == TaskStates.Running ? m.Now : null, StartedAt = m.BeganAt, EndedAt = m.EndedAt ?? (state == TaskStates.Failed ? m.At : null), Error = state == TaskStates.Failed ? m.Error ?? "The upload broke off; send the data again." : null, Rule = "image:write",
            };
        })];
    }

    /// <summary>The rows of then, or of now: whoever runs an import looks at them before it goes on.</summary>
    public async Task Do(Tx tx, string id, string verb)
    {
        var db = tx.Db<ImageDb>();
        var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == id) ?? throw CloudError.NotFound($"There is no task {Name}.{id}.");
        var image = await ImageStore.GetOwn(tx, tx.Actor, task.ImageId);
        if (verb == TaskVerbs.Stop)
        {
            if (await db.Tasks.Where(t => t.Id == id && t.Status == TaskRow.Pending).ExecuteUpdateAsync(s => s.SetProperty(t => t.Status, TaskRow.Failure).SetProperty(t => t.Message, $"Stopped by {tx.Actor.UserName}.").SetProperty(t => t.UpdatedAt, tx.Now)) == 0) throw CloudError.Conflict("The import is over already.");
            await db.Images.Where(i => i.Id == image.Id && i.ImportTask == id).ExecuteUpdateAsync(s => s.SetProperty(i => i.ImportTask, (string?)null).SetProperty(i => i.ImportFailed, true).SetProperty(i => i.UploadId, (string?)null).SetProperty(i => i.SavingUntil, 0).SetProperty(i => i.UpdatedAt, tx.Now));
            tx.Audit("image.stop_import", "image", image.Id, image.OwnerId, new { task = id });
            return;
        }
        if (verb != TaskVerbs.Retry || task.Status != TaskRow.Failure || image is not { ImportFailed: true, ImportTask: null, DataFile: null }) throw CloudError.Conflict($"This cannot be done any more: the import is {task.Status} and the image {image.Status(tx.Now)}.");
        var again = new TaskRow { Id = Id.New(), ImageId = image.Id, OwnerId = image.OwnerId, UserId = tx.Actor.UserId, RequestId = tx.Actor.RequestId, Method = task.Method, Input = task.Input, Status = TaskRow.Pending, CreatedAt = tx.Now, UpdatedAt = tx.Now };
        db.Add(again);
        await db.Images.Where(i => i.Id == image.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.ImportTask, again.Id).SetProperty(i => i.ImportFailed, false).SetProperty(i => i.UpdatedAt, tx.Now));
        tx.Audit("image.import", "image", image.Id, image.OwnerId, new { method = task.Method, task = again.Id, again = id });
        tx.Wake(ImportReconciler.Work, again.Id);
    }
}
