using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Snapshots;

internal sealed class SnapshotApi(Database database, SnapshotStore store, TimeProvider clock) : IApi
{
    private static readonly string[] Statuses = ["available", "creating", "deleting", "error", "error_deleting"];

    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/snapshots", "volume:read", call => List(call, s => SnapshotWire.Basic(call, s, clock.Ms())));
        routes.Get("/snapshots/detail", "volume:read", call => List(call, s => SnapshotWire.Full(call, s, clock.Ms())));
        routes.Post("/snapshots", "volume:write", "snapshot.create", Create);
        routes.Get("/snapshots/{id}", "volume:read", Show);
        routes.Put("/snapshots/{id}", "volume:write", "snapshot.update", Update);
        routes.Delete("/snapshots/{id}", "volume:write", "snapshot.delete", Delete);
        routes.Post("/snapshots/{id}/action", "volume:write", "snapshot.action", Act);
    }

    private async Task<Answer> List(Call call, Func<FullVolume, JsonObject> wire)
    {
        VolumeService.Check(call);
        var (slice, count) = await database.Read(async q => (await VolumeFilters.Page(q, call, clock.Ms(), snapshots: true), await VolumeFilters.Count(q, call, clock.Ms(), snapshots: true)), call.Stop);
        var body = new JsonObject { ["snapshots"] = new JsonArray([.. slice.Rows.Select(wire)]) };
        if (VolumeApi.Links(call, slice) is { } links) body["snapshots_links"] = links;
        if (count is not null) body["count"] = count;
        return Answer.Ok(body);
    }

    private async Task<Answer> Create(Call call)
    {
        call.Project();
        var body = await call.Body("snapshot");
        var (volumeId, name, description) = (body.TextOr("volume_id", 1) ?? throw CloudError.NotFound("Volume None could not be found: name it in volume_id."), body.TextOr("name") ?? body.TextOr("display_name"), body.TextOr("description") ?? body.TextOr("display_description"));
        var force = body.FlagOr("force") ?? false;
        if (call.AtLeast(66) && body.Has("force") && !force) throw CloudError.Invalid("Invalid input for field/attribute force. Value: False. Since microversion 3.66 a snapshot of an attached volume needs no force, and 'false' is not accepted.");
        var metadata = body.MapOr("metadata") ?? [];
        body.Done();
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx =>
        {
            var volume = await VolumeStore.Get(tx, call.Actor, volumeId);
            var row = await store.Make(tx, call.Actor, volume, name, description, metadata, force || call.AtLeast(66));
            return new JsonObject { ["snapshot"] = SnapshotWire.Basic(call, await SnapshotStore.Get(tx, call.Actor, row.Id), tx.Now) };
        }, call.Stop));
    }

    private async Task<Answer> Show(Call call)
    {
        VolumeService.Check(call);
        var snapshot = await database.Read(q => SnapshotStore.Get(q, call.Actor, call["id"]), call.Stop);
        return Answer.Ok(new JsonObject { ["snapshot"] = SnapshotWire.Full(call, snapshot, clock.Ms()) });
    }

    private async Task<Answer> Update(Call call)
    {
        VolumeService.Check(call);
        var change = await VolumeBody.Update(call, "snapshot");
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = (await SnapshotStore.Get(tx, call.Actor, call["id"])).Row;
            await VolumeStore.Rename(tx, row, change);
            tx.Audit(call.Verb, "snapshot", row.Id, row.ProjectId, new { before = row.Name, after = change.Name });
            return new JsonObject { ["snapshot"] = SnapshotWire.Basic(call, await SnapshotStore.Get(tx, call.Actor, row.Id), tx.Now) };
        }, call.Stop));
    }

    private async Task<Answer> Delete(Call call)
    {
        VolumeService.Check(call);
        await database.Write(call.Actor, async tx => await SnapshotStore.Delete(tx, await SnapshotStore.Get(tx, call.Actor, call["id"]), call.Verb, force: false), call.Stop);
        return Answer.Accepted;
    }

    /// <summary>An administrator's word above the computed status, or the end of a snapshot whatever its status is.</summary>
    private async Task<Answer> Act(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body();
        if (body.Names.ToList() is not [var name] || name is not ("os-reset_status" or "os-force_delete" or "os-update_snapshot_status"))
            throw CloudError.Invalid("The body must hold exactly one action: os-reset_status, os-update_snapshot_status or os-force_delete.");
        var inner = body.ObjectOr(name);
        var status = inner?.OneOf("status", Statuses);
        var progress = inner?.TextOr("progress", 0, 20);
        inner?.Done();
        if (name != "os-update_snapshot_status") call.NeedsAdmin("snapshot:" + name);
        if (name != "os-force_delete" && status is null) throw CloudError.Invalid("'status' is a required property.");
        await database.Write(call.Actor, async tx =>
        {
            var snapshot = await SnapshotStore.Get(tx, call.Actor, call["id"]);
            if (name == "os-force_delete")
            {
                await SnapshotStore.Delete(tx, snapshot, call.Verb, force: true);
                return;
            }
            var id = snapshot.Row.Id;
            var natural = (snapshot with { Row = snapshot.Row.WithoutWord() }).Status(tx.Now);
            var word = natural == status ? null : status;
            await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ResetStatus, word).SetProperty(v => v.SaidProgress, progress).SetProperty(v => v.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "snapshot", id, snapshot.Row.ProjectId, new { status });
        }, call.Stop);
        return Answer.Accepted;
    }
}
