using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Imports;

/// <summary>POST /v2/images/{id}/import: writes the task down; what follows happens without the client.</summary>
internal sealed class ImportApi(Database database, WebSource web) : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes) => routes.Post("/images/{id}/import", "image:write", "image.import", Import);

    private async Task<Answer> Import(Call call)
    {
        var body = await call.Body();
        var method = body.Object("method");
        var name = method.Text("name", 1);
        if (!ImportMethods.All.Contains(name)) throw CloudError.Invalid($"The import method '{name}' is not offered; offered are {string.Join(", ", ImportMethods.All)}.");
        var uri = name == ImportMethods.Web ? web.Check(method.Text("uri", 1, 4096)).AbsoluteUri : null;
        MustBeOurStore(body);
        await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            var wanted = name == ImportMethods.Direct ? "uploading" : "queued";
            if (row.Status(tx.Now) != wanted) throw CloudError.Conflict($"The image has the status {row.Status(tx.Now)}; {name} needs one that is {wanted}.");
            if (row.DiskFormat is null || row.ContainerFormat is null) throw CloudError.Invalid("'container_format' and 'disk_format' need to be set before import");
            var input = new JsonObject { ["image_id"] = row.Id, ["import_req"] = new JsonObject { ["method"] = new JsonObject { ["name"] = name } } };
            if (uri is not null) input["import_req"]!["method"]!["uri"] = uri;
            var task = new TaskRow
            {
                Id = Id.New(), ImageId = row.Id, OwnerId = row.OwnerId, UserId = call.Actor.UserId, RequestId = call.RequestId, Method = name, Input = input.ToJsonString(),
                Status = TaskRow.Pending, CreatedAt = tx.Now, UpdatedAt = tx.Now,
            };
            tx.Db<ImageDb>().Add(task);
            await tx.Db<ImageDb>().Images.Where(i => i.Id == row.Id).ExecuteUpdateAsync(s => s
                .SetProperty(i => i.ImportTask, task.Id).SetProperty(i => i.ImportFailed, false).SetProperty(i => i.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "image", row.Id, row.OwnerId, new { method = name, task = task.Id });
            tx.Wake(ImportReconciler.Work, task.Id);
        }, call.Stop);
        return Answer.Accepted;
    }

    private static void MustBeOurStore(Fields body)
    {
        var stores = body.TextsOr("stores");
        if (body.FlagOr("all_stores") == true && stores is not null) throw CloudError.Invalid("all_stores must not be set together with stores.");
        if (stores?.Find(s => s != ImageService.Store) is { } unknown) throw CloudError.Conflict($"There is no store {unknown}; there is {ImageService.Store}.");
    }
}
