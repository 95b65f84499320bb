using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Image.Data;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Image.Images;

/// <summary>
/// Keeps the directory equal to the table: files of a deleted image go at once, and what a broken upload left goes once
/// nobody has written to it for <see cref="Grace"/>.
/// </summary>
internal sealed class ImageReconciler(Database database, ImageFiles files, TimeProvider clock, ILogger<ImageReconciler> log) : IReconciler
{
    public const string Work = "image-data";
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public string Kind => Work;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var row = await database.Read(q => q.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == id, ct), ct);
        var wait = false;
        foreach (var file in files.Of(id))
        {
            if (file == row?.DataFile || file == row?.StagedFile) continue;
            if (row is not null && clock.GetUtcNow() - files.WrittenAt(file) < Grace)
            {
                wait = true;
                continue;
            }
            files.Remove(file);
            log.Removed(file);
        }
        return wait ? Next.In(Grace) : Next.Done;
    }

    /// <summary>Only images with a file that is not theirs.</summary>
    public async Task<IReadOnlyList<string>> Keys(Query q)
    {
        var images = q.Db<ImageDb>().Images;
        var known = (await images.Where(i => i.DataFile != null).Select(i => i.DataFile!).ToListAsync()).ToHashSet();
        known.UnionWith(await images.Where(i => i.StagedFile != null).Select(i => i.StagedFile!).ToListAsync());
        return [.. files.All().Where(f => !known.Contains(f)).Select(ImageFiles.ImageOf).Distinct()];
    }
}
