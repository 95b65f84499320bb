using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Backups;

internal sealed class BackupApi(Database database, BackupStore store) : IApi
{
    private static readonly Dictionary<string, string> SortMembers = new() { ["created_at"] = nameof(BackupRow.CreatedAt), ["id"] = nameof(BackupRow.Id), ["name"] = nameof(BackupRow.Name), ["size"] = nameof(BackupRow.SizeGib), ["updated_at"] = nameof(BackupRow.UpdatedAt) };

    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/backups", "volume:read", call => List(call, (b, _) => Brief(call, b)));
        r.Get("/backups/detail", "volume:read", call => List(call, (b, restoring) => Full(call, b, restoring)));
        r.Post("/backups", "volume:write", "backup.create", Create);
        r.Get("/backups/{id}", "volume:read", call => database.Read(async q =>
        {
            VolumeService.Check(call);
            var row = await BackupStore.Get(q, call.Actor, call["id"]);
            return Answer.Ok(new JsonObject { ["backup"] = Full(call, row, (await BackupStore.Restoring(q, [row.ImageId])).Count > 0) });
        }));
        r.Put("/backups/{id}", "volume:write", "backup.update", VolumeService.Since(9, Update));
        r.Delete("/backups/{id}", "volume:write", "backup.delete", Delete);
        r.Post("/backups/{id}/restore", "volume:write", "backup.restore", Restore);
        r.Post("/backups/{id}/action", "volume:admin", "backup.action", Act);
    }

    private Task<Answer> List(Call call, Func<BackupRow, bool, JsonObject> wire) => database.Read(async q =>
    {
        VolumeService.Check(call);
        var project = call.Actor.ProjectId ?? "";
        var rows = q.Db<VolumeDb>().Backups.AsQueryable();
        if (!(call.Actor.IsAdmin && call.QueryFlag("all_tenants"))) rows = rows.Where(b => b.ProjectId == project);
        if (call.QueryOr("name") is { } name) rows = rows.Where(b => b.Name == name);
        if (call.AtLeast(34) && call.QueryOr("name~") is { } part) rows = rows.Where(b => b.Name != null && b.Name.Contains(part));
        if (call.QueryOr("volume_id") is { } volume) rows = rows.Where(b => b.VolumeId == volume);
        if (call.QueryOr("status") is { } status) rows = status switch
        {
            "available" or "restoring" => rows.Where(b => !b.Gone && b.ResetStatus == null && b.Fault == null && b.Filled || b.ResetStatus == status),
            "creating" => rows.Where(b => !b.Gone && b.ResetStatus == null && b.Fault == null && !b.Filled || b.ResetStatus == status),
            "error" => rows.Where(b => !b.Gone && (b.ResetStatus == null && b.Fault != null || b.ResetStatus == status)),
            _ => rows.Where(b => b.Gone),
        };
        var page = call.Page();
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(b => b.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no backup.");
        var sort = call.QueryOr("sort_key") ?? call.QueryOr("sort")?.Split(':')[0] ?? "created_at";
        if (sort == "name" && !call.AtLeast(37)) throw CloudError.Invalid("Backups can be sorted by name from microversion 3.37 on.");
        var key = new SortKey(SortMembers.GetValueOrDefault(sort) ?? throw CloudError.Invalid($"Unknown sort key '{sort}'. Possible are: {string.Join(", ", SortMembers.Keys)}."), (call.QueryOr("sort_dir") ?? call.QueryOr("sort")?.Split(':').ElementAtOrDefault(1)) != "asc");
        var slice = await rows.Paged([key], page, mark);
        var restoring = await BackupStore.Restoring(q, [.. slice.Rows.Select(b => b.ImageId)]);
        var body = new JsonObject { ["backups"] = new JsonArray([.. slice.Rows.Select(b => wire(b, restoring.Contains(b.ImageId)))]) };
        if (slice.More) body["backups_links"] = call.NextLinks(slice.Rows[^1].Id);
        if (call.AtLeast(45) && call.QueryFlag("with_count")) body["count"] = await rows.CountAsync();
        return Answer.Ok(body);
    });

    private async Task<Answer> Create(Call call)
    {
        call.Project();
        var body = await call.Body("backup");
        var (volume, snapshot, name, description, container) = (body.Text("volume_id", 1), body.TextOr("snapshot_id", 1), body.TextOr("name"), body.TextOr("description"), body.TextOr("container", 0, 255));
        var (force, incremental) = (body.FlagOr("force") ?? false, body.FlagOr("incremental") ?? false);
        var own = call.AtLeast(43) ? body.MapOr("metadata") ?? [] : [];
        if (call.AtLeast(51)) body.TextOr("availability_zone"); // the image store is one for all zones
        body.Done();
        if (incremental) throw CloudError.Invalid("Backups of this cloud are whole copies: leave 'incremental' out.");
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx =>
            new JsonObject { ["backup"] = Brief(call, await store.Make(tx, call.Actor, volume, snapshot, name, description, container, force, own)) }, call.Stop));
    }

    private async Task<Answer> Update(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body("backup");
        var (hasName, name, hasDescription, description) = (body.Has("name"), body.TextOr("name"), body.Has("description"), body.TextOr("description"));
        var own = call.AtLeast(43) ? body.MapOr("metadata") : null;
        body.Done();
        if (!hasName && !hasDescription && own is null) throw CloudError.Invalid("Missing updated parameters in request body: name at least one of name, description and (from 3.43) metadata.");
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = await BackupStore.Get(tx, call.Actor, call["id"]);
            await tx.Db<VolumeDb>().Backups.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.Name, hasName ? name : row.Name)
                .SetProperty(b => b.Description, hasDescription ? description : row.Description).SetProperty(b => b.OwnMetadata, own == null ? row.OwnMetadata : JsonSerializer.Serialize(own, JsonSerializerOptions.Default)).SetProperty(b => b.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "backup", row.Id, row.ProjectId, new { name });
            return new JsonObject { ["backup"] = Brief(call, await BackupStore.Get(tx, call.Actor, row.Id)) };
        }, call.Stop));
    }

    private async Task<Answer> Delete(Call call)
    {
        VolumeService.Check(call);
        await database.Write(call.Actor, async tx => await BackupStore.Delete(tx, await BackupStore.Get(tx, call.Actor, call["id"]), call.Verb, force: false), call.Stop);
        return Answer.Accepted;
    }

    private async Task<Answer> Restore(Call call)
    {
        call.Project();
        var body = await call.Body("restore");
        var (into, name) = (body.TextOr("volume_id"), body.TextOr("name"));
        body.Done();
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx =>
        {
            var row = await BackupStore.Get(tx, call.Actor, call["id"]);
            var volume = into is { Length: > 0 } ? await store.RestoreInto(tx, call.Actor, row, into) : await store.Restore(tx, call.Actor, row, name);
            tx.Audit(call.Verb, "backup", row.Id, row.ProjectId, new { volume = volume.Id });
            return new JsonObject { ["restore"] = new JsonObject { ["backup_id"] = row.Id, ["volume_id"] = volume.Id, ["volume_name"] = volume.Name } };
        }, call.Stop));
    }

    private async Task<Answer> Act(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body();
        if (body.Names.ToList() is not [var name] || name is not ("os-reset_status" or "os-force_delete")) throw CloudError.Invalid("The body must hold exactly one action: os-reset_status or os-force_delete.");
        var status = body.ObjectOr(name)?.OneOf("status", "available", "error");
        if (name == "os-reset_status" && status is null) throw CloudError.Invalid("'status' is a required property: available or error.");
        await database.Write(call.Actor, async tx =>
        {
            var row = await BackupStore.Get(tx, call.Actor, call["id"]);
            if (name == "os-force_delete")
            {
                await BackupStore.Delete(tx, row, call.Verb, force: true);
                return;
            }
            var word = status == "available" && row is { Filled: true, Fault: null } ? null : status;
            await tx.Db<VolumeDb>().Backups.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.ResetStatus, word).SetProperty(b => b.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "backup", row.Id, row.ProjectId, new { status });
        }, call.Stop);
        return Answer.Accepted;
    }

    private static JsonObject Brief(Call call, BackupRow b) => new()
    {
        ["id"] = b.Id, ["name"] = b.Name,
        ["links"] = VolumeWire.Links(call, b.ProjectId, "backups", b.Id),
    };

    private static JsonObject Full(Call call, BackupRow b, bool restoring)
    {
        var body = Brief(call, b);
        body["status"] = b.Status(restoring);
        body["description"] = b.Description;
        body["container"] = b.Container;
        body["volume_id"] = b.VolumeId;
        body["snapshot_id"] = b.SnapshotId;
        body["size"] = b.SizeGib;
        body["object_count"] = 1;
        body["availability_zone"] = null;
        body["is_incremental"] = false;
        body["has_dependent_backups"] = false;
        body["fail_reason"] = b.Fault;
        body["created_at"] = Clock.Micros(b.CreatedAt);
        body["updated_at"] = Clock.Micros(b.UpdatedAt);
        if (call.AtLeast(18)) body["os-backup-project-attr:project_id"] = b.ProjectId;
        if (call.AtLeast(43)) body["metadata"] = VolumeWire.Map(JsonSerializer.Deserialize<Dictionary<string, string>>(b.OwnMetadata)!);
        if (call.AtLeast(56)) body["user_id"] = b.UserId;
        body["data_timestamp"] = Clock.Micros(b.CreatedAt);
        return body;
    }
}
