using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Image.Data;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Image.Imports;

/// <summary>The imports that run in this process. They may take longer than a reconciler may, so they run beside the loop; when the process ends, another one begins anew.</summary>
internal sealed class ImportRun(Database database, Filling filling, ImageFiles files, WebSource web, IHostApplicationLifetime life, ILogger<ImportRun> log)
{
    private readonly ConcurrentDictionary<string, Task> _running = new();

    public bool Runs(string taskId) => _running.ContainsKey(taskId);

    public void Start(TaskRow task, string? stagedFile)
    {
        var done = new TaskCompletionSource();
        if (!_running.TryAdd(task.Id, done.Task)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                await Run(task, stagedFile);
            }
            finally
            {
                _running.TryRemove(task.Id, out _);
                done.SetResult();
            }
        }, CancellationToken.None);
    }

    private async Task Run(TaskRow task, string? stagedFile)
    {
        var stop = life.ApplicationStopping;
        try
        {
            await filling.Fill(Actor.System, task.ImageId, sink => Copy(task, stagedFile, sink, stop), stop, task.Id);
        }
        catch (CloudError e) when (e.Kind != ErrorKind.Conflict)
        {
            await Fail(task, e.Message);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Somebody else is at it, or this is our own fault: the reconciler comes again.
            log.ImportAgain(task.ImageId, task.Id, e);
        }
        catch (OperationCanceledException)
        {
            // The process ends; the task is still pending.
        }
    }

    private async Task Copy(TaskRow task, string? stagedFile, DataSink sink, CancellationToken stop)
    {
        if (task.Method == ImportMethods.Web)
        {
            await web.Copy((string)JsonNode.Parse(task.Input)!["import_req"]!["method"]!["uri"]!, sink, stop, size => sink.Meter!.Total = size);
            return;
        }
        if (stagedFile is null || !File.Exists(files.Path(stagedFile))) throw CloudError.Unavailable("The staged data is missing in the image store; stage it again.");
        await using var staged = File.OpenRead(files.Path(stagedFile));
        sink.Meter!.Total = staged.Length;
        await staged.CopyToAsync(sink, 1024 * 1024, stop);
    }

    private Task Fail(TaskRow task, string why) => database.Write(Actor.System, async tx =>
    {
        await tx.Db<ImageDb>().Tasks.Where(t => t.Id == task.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.Status, TaskRow.Failure).SetProperty(t => t.Message, why).SetProperty(t => t.UpdatedAt, tx.Now));
        await tx.Db<ImageDb>().Images.Where(i => i.Id == task.ImageId && i.ImportTask == task.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(i => i.ImportTask, (string?)null).SetProperty(i => i.ImportFailed, true).SetProperty(i => i.UpdatedAt, tx.Now));
        tx.Audit("image.import", "image", task.ImageId, task.OwnerId, new { task = task.Id, why }, Store.Audit.AuditRow.Failed);
    });
}
