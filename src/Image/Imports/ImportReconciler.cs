using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Image.Imports;

/// <summary>Sees to it that every pending import runs on one server, and begins anew when that server died.</summary>
internal sealed class ImportReconciler(Database database, ImportRun run, TimeProvider clock) : IReconciler
{
    public const string Work = "image-import";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    public string Kind => Work;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        if (run.Runs(id)) return Next.In(Again);
        var (task, image) = await database.Read(async q =>
        {
            var db = q.Db<ImageDb>();
            var row = await db.Tasks.SingleOrDefaultAsync(t => t.Id == id && t.Status == TaskRow.Pending, ct);
            return (row, row is null ? null : await db.Images.SingleOrDefaultAsync(i => i.Id == row.ImageId && i.ImportTask == id, ct));
        }, ct);
        if (task is null || image is null) return Next.Done;
        // The lease of another server's run, perhaps of one that died a moment ago.
        if (image.SavingUntil <= clock.Ms()) run.Start(task, image.StagedFile);
        return Next.In(Again);
    }

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<ImageDb>().Tasks.Where(t => t.Status == TaskRow.Pending).Select(t => t.Id).ToListAsync();
}
