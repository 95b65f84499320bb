using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Image.Data;

/// <summary>
/// Gives a queued image its data. A short lease in the row, renewed while bytes flow, says that somebody writes: when
/// the stream breaks or this process dies, the image is simply queued again.
/// </summary>
internal sealed class Filling(Database database, ImageFiles files, Meters meters, TimeProvider clock, ILogger<Filling> log)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <param name="task">The import that fills it; null = a client's own upload.</param>
    public Task Fill(Actor actor, string imageId, Func<DataSink, Task> write, CancellationToken ct, string? task = null, Upload? upload = null) => Take(actor, imageId, write, task, false, upload, ct);

    /// <summary>Only keeps the data for a later import; what it is, the import looks at.</summary>
    public Task Stage(Actor actor, string imageId, Func<DataSink, Task> write, CancellationToken ct, Upload upload) => Take(actor, imageId, write, null, true, upload, ct);

    private async Task Take(Actor actor, string imageId, Func<DataSink, Task> write, string? task, bool stage, Upload? client, CancellationToken ct)
    {
        var upload = Id.New();
        var name = ImageFiles.Name(imageId, upload);
        var (format, room) = await Begin(imageId, upload, task, stage, ct);
        var size = 0L;
        await using var meter = meters.Begin((client is null ? "fill:" : "upload:") + imageId, client?.Total);
        try
        {
            string md5, sha512;
            await using (var sink = new DataSink(files.Path(ImageFiles.Part(name)), room) { Meter = meter })
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
                var beat = KeepLease(imageId, upload, stop.Token);
                try
                {
                    await write(sink);
                }
                finally
                {
                    size = sink.Size;
                    await stop.CancelAsync();
                    await beat;
                }
                (md5, sha512) = sink.Finish();
            }
            var virtualSize = stage ? null : DiskHeader.VirtualSize(format, await Head(ImageFiles.Part(name)), size);
            if (!files.Publish(name)) throw Gone(imageId);
            if (stage) await Keep(actor, imageId, upload, name, size);
            else await Commit(actor, imageId, upload, name, size, virtualSize, md5, sha512);
            log.Stored(imageId, size, sha512);
        }
        catch (Exception e)
        {
            log.BrokeOff(imageId, size, e.Message);
            meter.Error = e.Message;
            files.Remove(ImageFiles.Part(name));
            await GiveUp(imageId, upload, name);
            throw;
        }
    }

    private Task<(string Format, long Room)> Begin(string id, string upload, string? task, bool stage, CancellationToken ct) => database.Write(Actor.System, async tx =>
    {
        var row = await tx.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == id, ct) ?? throw CloudError.NotFound($"Failed to find image {id}.");
        if (row.ImportTask != task || task is null && row.Status(tx.Now) != "queued" || row.DataFile is not null || row.SavingUntil > tx.Now)
            throw CloudError.Conflict($"Image status transition from {row.Status(tx.Now)} to saving is not allowed: only a queued image takes data.");
        if (!stage && (row.DiskFormat is null || row.ContainerFormat is null)) throw CloudError.Invalid("Properties disk_format and container_format must be set prior to saving data.");
        await tx.Db<ImageDb>().Images.Where(i => i.Id == id).ExecuteUpdateAsync(s => s
            .SetProperty(i => i.UploadId, upload).SetProperty(i => i.SavingUntil, tx.Now + (long)Lease.TotalMilliseconds), ct);
        return (row.DiskFormat ?? "", await ImageQuotas.Room(tx, row.OwnerId));
    }, ct);

    private async Task KeepLease(string id, string upload, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Beat, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            try
            {
                await database.Write(Actor.System, tx => tx.Db<ImageDb>().Images.Where(i => i.Id == id && i.UploadId == upload)
                    .ExecuteUpdateAsync(s => s.SetProperty(i => i.SavingUntil, tx.Now + (long)Lease.TotalMilliseconds), CancellationToken.None), CancellationToken.None);
            }
            catch (Exception e)
            {
                // The next beat tries again; if none gets through, Commit notices whether another upload took over.
                log.NoHeartbeat(id, e);
            }
        }
    }

    private async Task<byte[]> Head(string file)
    {
        await using var stream = File.OpenRead(files.Path(file));
        var head = new byte[DiskHeader.Bytes];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
        return head[..read];
    }

    private Task Keep(Actor actor, string id, string upload, string file, long size) => database.Write(actor, async tx =>
    {
        var images = tx.Db<ImageDb>().Images.Where(i => i.Id == id && i.UploadId == upload && i.DataFile == null);
        var row = await images.SingleOrDefaultAsync() ?? throw Gone(id);
        await images.ExecuteUpdateAsync(s => s.SetProperty(i => i.StagedFile, file).SetProperty(i => i.UploadId, (string?)null).SetProperty(i => i.SavingUntil, 0)
            .SetProperty(i => i.ImportFailed, false).SetProperty(i => i.UpdatedAt, tx.Now));
        tx.Audit("image.stage", "image", id, row.OwnerId, new { size });
    });

    private Task Commit(Actor actor, string id, string upload, string file, long size, long? virtualSize, string md5, string sha512) => database.Write(actor, async tx =>
    {
        var row = await tx.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == id && i.UploadId == upload && i.DataFile == null)
            ?? throw Gone(id);
        await ImageQuotas.CheckBytes(tx, row.OwnerId, size);
        await tx.Db<ImageDb>().Images.Where(i => i.Id == id).ExecuteUpdateAsync(s => s
            .SetProperty(i => i.DataFile, file).SetProperty(i => i.Size, size).SetProperty(i => i.VirtualSize, virtualSize).SetProperty(i => i.Md5, md5)
            .SetProperty(i => i.StagedFile, (string?)null).SetProperty(i => i.ImportTask, (string?)null).SetProperty(i => i.ImportFailed, false)
            .SetProperty(i => i.Sha512, sha512).SetProperty(i => i.UploadId, (string?)null).SetProperty(i => i.SavingUntil, 0).SetProperty(i => i.UpdatedAt, tx.Now));
        await tx.Db<ImageDb>().Tasks.Where(t => t.Id == row.ImportTask).ExecuteUpdateAsync(s => s.SetProperty(t => t.Status, Imports.TaskRow.Success).SetProperty(t => t.UpdatedAt, tx.Now));
        if (row.StagedFile is not null) tx.Wake(ImageReconciler.Work, id);
        tx.Audit("image.upload", "image", id, row.OwnerId, new { size, sha512 });
        tx.Changed("image", id);
    });

    private static CloudError Gone(string id) => new(ErrorKind.NotFound, $"Image {id} was deleted, or taken over by another upload, while its data arrived.") { Status = 410 };

    private Task GiveUp(string id, string upload, string file) => database.Write(Actor.System, async tx =>
    {
        await tx.Db<ImageDb>().Images.Where(i => i.Id == id && i.UploadId == upload)
            .ExecuteUpdateAsync(s => s.SetProperty(i => i.UploadId, (string?)null).SetProperty(i => i.SavingUntil, 0));
        // Whether the commit went through is what the table says; the reconciler removes the file only if it does not.
        tx.Wake(ImageReconciler.Work, ImageFiles.ImageOf(file));
    });
}

/// <summary>A client sends it; how much, it may have said.</summary>
internal sealed record Upload(long? Total);
