using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Transfers;

/// <summary>Volumes change their project: the owner offers one, whoever has the key takes it, its quota included.</summary>
internal sealed class TransferApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        Map(routes, "/os-volume-transfer", 0);
        Map(routes, "/volume-transfers", 55);
    }

    /// <summary>Under its second path (3.55) the snapshots go along, unless the owner says otherwise.</summary>
    private void Map(Routes routes, string path, int since)
    {
        routes.Get(path, "volume:read", VolumeService.Since(since, call => List(call, detail: false)));
        routes.Get(path + "/detail", "volume:read", VolumeService.Since(since, call => List(call, detail: true)));
        routes.Post(path, "volume:write", "volume_transfer.create", VolumeService.Since(since, call => Create(call, since > 0)));
        routes.Get(path + "/{id}", "volume:read", VolumeService.Since(since, Show));
        routes.Delete(path + "/{id}", "volume:write", "volume_transfer.delete", VolumeService.Since(since, Delete));
        routes.Post(path + "/{id}/accept", "volume:write", "volume_transfer.accept", VolumeService.Since(since, Accept));
    }

    private static IQueryable<TransferRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<VolumeDb>().Transfers.AsQueryable();
        var project = actor.ProjectId ?? "";
        return actor.IsAdmin ? rows : rows.Where(t => t.ProjectId == project);
    }

    private static async Task<TransferRow> Get(Query q, Call call) =>
        await Visible(q, call.Actor).SingleOrDefaultAsync(t => t.Id == call["id"]) ?? throw Missing(call["id"]);

    private static CloudError Missing(string id) => CloudError.NotFound($"Transfer {id} could not be found.");

    private async Task<Answer> List(Call call, bool detail)
    {
        VolumeService.Check(call);
        var page = call.Page();
        return Answer.Ok(await database.Read(async q =>
        {
            var rows = Visible(q, call.Actor);
            if (!(call.Actor.IsAdmin && call.QueryFlag("all_tenants"))) rows = rows.Where(t => t.ProjectId == call.Actor.ProjectId);
            var marker = page.Marker is null ? null : await rows.SingleOrDefaultAsync(t => t.Id == page.Marker) ?? throw Missing(page.Marker);
            var sort = call.AtLeast(59) ? call.QueryOr("sort_key") ?? "created_at" : "created_at";
            var key = new SortKey(sort switch { "created_at" => nameof(TransferRow.CreatedAt), "id" => nameof(TransferRow.Id), "name" => nameof(TransferRow.Name), _ => throw CloudError.Invalid($"Unknown sort key '{sort}'. Possible are: created_at, id, name.") }, call.QueryOr("sort_dir") != "asc");
            var slice = await rows.Paged([key], page, marker);
            var body = new JsonObject { ["transfers"] = new JsonArray([.. slice.Rows.Select(t => Wire(call, t, detail))]) };
            if (slice.More && slice.Rows.Count > 0) body["transfers_links"] = call.NextLinks(slice.Rows[^1].Id);
            return body;
        }, call.Stop));
    }

    private async Task<Answer> Show(Call call)
    {
        VolumeService.Check(call);
        return Answer.Ok(new JsonObject { ["transfer"] = Wire(call, await database.Read(q => Get(q, call), call.Stop), detail: true) });
    }

    private async Task<Answer> Create(Call call, bool takesSnapshots)
    {
        call.Project();
        var body = await call.Body("transfer");
        var (volumeId, name) = (body.Text("volume_id", 1), body.TextOr("name"));
        var alone = takesSnapshots && (body.FlagOr("no_snapshots") ?? false);
        body.Done();
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var row = await database.Write(call.Actor, async tx =>
        {
            var volume = await VolumeStore.Get(tx, call.Actor, volumeId);
            if (volume.Status(tx.Now) is var status and not "available") throw CloudError.Invalid($"Invalid volume: Volume {volumeId} status must be available to be transferred, but it is {status}.");
            if (volume.Row.GroupId is { } group) throw CloudError.Invalid($"Invalid volume: Volume {volumeId} belongs to group {group}: remove it from there first.");
            if ((alone || !takesSnapshots) && await tx.Db<VolumeDb>().Volumes.AnyAsync(v => v.SnapshotOf == volume.Row.Id && v.ProjectId != "")) throw CloudError.Invalid($"Invalid volume: Volume {volumeId} has snapshots; they would stay behind. Delete them first.");
            var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            var made = new TransferRow { Id = Id.New(), VolumeId = volume.Row.Id, ProjectId = volume.Row.ProjectId, Name = name, NoSnapshots = alone, Salt = salt, KeyHash = TransferRow.Hash(salt, key), CreatedAt = tx.Now };
            tx.Db<VolumeDb>().Add(made);
            await Hold(tx, made.VolumeId, TransferRow.Held);
            tx.Audit(call.Verb, "volume_transfer", made.Id, made.ProjectId, new { volume = made.VolumeId });
            return made;
        }, call.Stop);
        var wire = Wire(call, row, detail: true);
        wire["auth_key"] = key;
        return Answer.AcceptedWith(new JsonObject { ["transfer"] = wire });
    }

    private async Task<Answer> Delete(Call call)
    {
        VolumeService.Check(call);
        await database.Write(call.Actor, async tx =>
        {
            var row = await Get(tx, call);
            await tx.Db<VolumeDb>().Transfers.Where(t => t.Id == row.Id).ExecuteDeleteAsync();
            await Hold(tx, row.VolumeId, null);
            tx.Audit(call.Verb, "volume_transfer", row.Id, row.ProjectId, new { volume = row.VolumeId });
        }, call.Stop);
        return Answer.Accepted;
    }

    private async Task<Answer> Accept(Call call)
    {
        var project = call.Project();
        var body = await call.Body("accept");
        var key = body.Text("auth_key", 1);
        body.Done();
        var row = await database.Write(call.Actor, async tx =>
        {
            var offer = await tx.Db<VolumeDb>().Transfers.SingleOrDefaultAsync(t => t.Id == call["id"]) ?? throw Missing(call["id"]);
            if (!offer.Opens(key)) throw CloudError.Invalid($"Attempt to transfer {offer.Id} with an auth key that is not its own.");
            var volume = await tx.Db<VolumeDb>().Volumes.SingleAsync(v => v.Id == offer.VolumeId);
            var snapshots = await tx.Db<VolumeDb>().Volumes.Where(v => v.SnapshotOf == volume.Id && v.ProjectId != "").ToListAsync();
            if (project != volume.ProjectId)
            {
                await VolumeQuotas.CheckNew(tx, project, volume.SizeGib);
                foreach (var snapshot in snapshots)
                {
                    await VolumeQuotas.CheckSnapshot(tx, project, snapshot.SizeGib);
                    await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == snapshot.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ProjectId, project).SetProperty(v => v.UserId, call.Actor.UserId).SetProperty(v => v.UpdatedAt, tx.Now));
                }
            }
            await tx.Db<VolumeDb>().Transfers.Where(t => t.Id == offer.Id).ExecuteDeleteAsync();
            await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == volume.Id).ExecuteUpdateAsync(s => s
                .SetProperty(v => v.ProjectId, project).SetProperty(v => v.UserId, call.Actor.UserId).SetProperty(v => v.Held, (string?)null).SetProperty(v => v.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "volume", volume.Id, project, new { from = volume.ProjectId, to = project });
            tx.Changed(IVolumes.VolumeChanged, volume.Id);
            return offer;
        }, call.Stop);
        return Answer.AcceptedWith(new JsonObject { ["transfer"] = Wire(call, row, detail: false) });
    }

    private static async Task Hold(Tx tx, string volumeId, string? word)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == volumeId).ExecuteUpdateAsync(s => s.SetProperty(v => v.Held, word).SetProperty(v => v.UpdatedAt, tx.Now));
        tx.Changed(IVolumes.VolumeChanged, volumeId);
    }

    private static JsonObject Wire(Call call, TransferRow row, bool detail)
    {
        var body = new JsonObject
        {
            ["id"] = row.Id, ["name"] = row.Name, ["volume_id"] = row.VolumeId,
            ["links"] = VolumeWire.Links(call, row.ProjectId, "os-volume-transfer", row.Id),
        };
        if (detail) body["created_at"] = Clock.Micros(row.CreatedAt);
        if (detail && call.AtLeast(55)) body["no_snapshots"] = row.NoSnapshots;
        // An offer that was taken is gone, so what is shown was never taken yet.
        if (detail && call.AtLeast(57)) (body["source_project_id"], body["destination_project_id"], body["accepted"]) = (row.ProjectId, null, false);
        return body;
    }
}
