using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Groups;

internal sealed class GroupApi(Database database, GroupStore store, TimeProvider clock) : IApi
{
    private static readonly string[] Statuses = ["available", "creating", "deleting", "error", "error_deleting", "updating", "in-use"];

    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/groups", "volume:read", VolumeService.Since(13, call => List(call, detail: false)));
        r.Get("/groups/detail", "volume:read", VolumeService.Since(13, call => List(call, detail: true)));
        r.Post("/groups", "volume:write", "volume_group.create", VolumeService.Since(13, Create));
        r.Post("/groups/action", "volume:write", "volume_group.create", VolumeService.Since(14, CreateOf));
        r.Get("/groups/{id}", "volume:read", VolumeService.Since(13, Show));
        r.Put("/groups/{id}", "volume:write", "volume_group.update", VolumeService.Since(13, Update));
        r.Post("/groups/{id}/action", "volume:write", "volume_group.action", VolumeService.Since(13, Act));
    }

    private Task<Answer> List(Call call, bool detail) => database.Read(async q =>
    {
        VolumeService.Check(call);
        var project = call.Actor.ProjectId ?? "";
        var rows = GroupStore.Visible(q, call.Actor);
        if (!(call.Actor.IsAdmin && call.QueryFlag("all_tenants"))) rows = rows.Where(g => g.ProjectId == project);
        if (call.QueryOr("name") is { } name) rows = rows.Where(g => g.Name == name);
        if (call.AtLeast(34) && call.QueryOr("name~") is { } part) rows = rows.Where(g => g.Name != null && g.Name.Contains(part));
        if (call.QueryOr("group_type") is { } type) rows = rows.Where(g => g.TypeId == type);
        if (call.QueryOr("availability_zone") is { } zone) rows = rows.Where(g => g.Zone == zone);
        var page = call.Page();
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(g => g.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no group.");
        var slice = await rows.Paged([new SortKey(nameof(GroupRow.CreatedAt), true)], page, mark);
        var body = new JsonObject { ["groups"] = new JsonArray([.. detail ? await Full(q, call, slice.Rows) : slice.Rows.Select(Brief)]) };
        if (slice.More) body["group_links"] = call.NextLinks(slice.Rows[^1].Id);
        return Answer.Ok(body);
    }, call.Stop);

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        VolumeService.Check(call);
        return Answer.Ok(new JsonObject { ["group"] = (await Full(q, call, [await GroupStore.Get(q, call.Actor, call["id"])]))[0] });
    }, call.Stop);

    private async Task<Answer> Create(Call call)
    {
        var project = call.Project();
        var body = await call.Body("group");
        var (name, description, type, types, zone) = (body.TextOr("name"), body.TextOr("description"), body.Text("group_type", 1),
            body.TextsOr("volume_types") ?? throw CloudError.Invalid("'volume_types' is a required property."), body.TextOr("availability_zone", 1));
        body.Done();
        if (types.Count == 0) throw CloudError.Invalid("volume_types must name at least one volume type.");
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx => new JsonObject
        {
            ["group"] = Brief(await GroupStore.Make(tx, call.Actor, project, new NewGroup(name, description, await GroupTypeApi.Usable(tx, call.Actor, type), await GroupStore.Types(tx, call.Actor, types), zone))),
        }, call.Stop));
    }

    private async Task<Answer> CreateOf(Call call)
    {
        var project = call.Project();
        var body = await call.Body("create-from-src");
        var (name, description, shot, group) = (body.TextOr("name"), body.TextOr("description"), body.IdOr("group_snapshot_id"), body.IdOr("source_group_id"));
        body.Done();
        if (shot is null == group is null) throw CloudError.Invalid("Name either group_snapshot_id or source_group_id.");
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx => new JsonObject { ["group"] = Brief(await store.MakeOf(tx, call.Actor, project, name, description, shot, group)) }, call.Stop));
    }

    private async Task<Answer> Update(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body("group");
        var (hasName, name, hasDescription, description) = (body.Has("name"), body.TextOr("name"), body.Has("description"), body.TextOr("description"));
        var (joining, leaving) = (Ids(body, "add_volumes"), Ids(body, "remove_volumes"));
        body.Done();
        if (!hasName && !hasDescription && joining.Count + leaving.Count == 0) throw CloudError.Invalid("Name, description, add_volumes and remove_volumes can not be all empty in the request body.");
        if (joining.Intersect(leaving).FirstOrDefault() is { } both) throw CloudError.Invalid($"Invalid volume: volume {both} is in both add_volumes and remove_volumes.");
        await database.Write(call.Actor, async tx =>
        {
            var row = await GroupStore.Get(tx, call.Actor, call["id"]);
            await tx.Db<VolumeDb>().Groups.Where(g => g.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.Name, hasName ? name : row.Name).SetProperty(g => g.Description, hasDescription ? description : row.Description));
            foreach (var id in leaving) await Move(tx, call, row, id, join: false);
            foreach (var id in joining) await Move(tx, call, row, id, join: true);
            tx.Audit(call.Verb, "volume_group", row.Id, row.ProjectId, new { added = joining, removed = leaving });
        }, call.Stop);
        return Answer.Accepted;
    }

    private static async Task Move(Tx tx, Call call, GroupRow group, string id, bool join)
    {
        var volume = (await VolumeStore.Get(tx, call.Actor, id)).Row;
        if (join && volume.GroupId is not null) throw CloudError.Invalid($"Invalid volume: volume {id} is in group {volume.GroupId} already.");
        if (!join && volume.GroupId != group.Id) throw CloudError.Invalid($"Invalid volume: volume {id} is not in group {group.Id}.");
        if (join) await GroupStore.MustFit(tx, group, volume.ProjectId, volume.TypeId);
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == volume.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.GroupId, join ? group.Id : null).SetProperty(v => v.UpdatedAt, tx.Now));
    }

    private static List<string> Ids(Fields body, string name) => [.. (body.TextOr(name, 0, 65535) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private async Task<Answer> Act(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body();
        if (body.Names.ToList() is not [var name]) throw CloudError.Invalid("The body must hold exactly one action.");
        var inner = body.ObjectOr(name);
        var (volumes, status) = (inner?.FlagOr("delete-volumes") ?? false, inner?.OneOf("status", Statuses));
        inner?.Done();
        switch (name)
        {
            case "delete":
                await database.Write(call.Actor, tx => Delete(tx, call, volumes), call.Stop);
                return Answer.Accepted;
            case "reset_status" when call.AtLeast(20):
                call.NeedsAdmin("group:reset_status");
                if (status is null) throw CloudError.Invalid("'status' is a required property.");
                await database.Write(call.Actor, async tx =>
                {
                    var row = await GroupStore.Get(tx, call.Actor, call["id"]);
                    var word = status == "available" ? null : status;
                    await tx.Db<VolumeDb>().Groups.Where(g => g.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.ResetStatus, word));
                    tx.Audit(call.Verb, "volume_group", row.Id, row.ProjectId, new { status });
                }, call.Stop);
                return Answer.Accepted;
            case "enable_replication" or "disable_replication" or "failover_replication" or "list_replication_targets" when call.AtLeast(38):
                await database.Read(q => GroupStore.Get(q, call.Actor, call["id"]), call.Stop);
                throw CloudError.Invalid($"Group {call["id"]} is not replicated: no back end of this cloud replicates.");
            default:
                throw CloudError.Invalid($"There is no such action: {name}. Known are: delete, reset_status.");
        }
    }

    private static async Task Delete(Tx tx, Call call, bool withVolumes)
    {
        var row = await GroupStore.Get(tx, call.Actor, call["id"]);
        var members = await GroupStore.Members(tx, row.Id);
        if (members.Count > 0 && !withVolumes) throw CloudError.Invalid($"Invalid Group: Group {row.Id} still has {members.Count} volumes: remove them, or ask for delete-volumes.");
        if (await tx.Db<VolumeDb>().GroupSnapshots.AnyAsync(g => g.GroupId == row.Id && !g.Gone)) throw CloudError.Invalid($"Invalid Group: Group {row.Id} has group snapshots: delete them first.");
        foreach (var volume in members)
        {
            if (volume.Attachments.Count > 0) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} of group {row.Id} is attached to server {volume.Attachments[0].ServerId}; detach it first.");
            if (await tx.Db<VolumeDb>().Volumes.AnyAsync(v => v.SnapshotOf == volume.Row.Id && v.ProjectId != "" && !v.Gone)) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} of group {row.Id} has snapshots; delete them first.");
        }
        foreach (var volume in members) await VolumeStore.Doom(tx, volume.Row);
        if (members.Count == 0) await GroupStore.Forget(tx, row.Id);
        else await tx.Db<VolumeDb>().Groups.Where(g => g.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.Gone, true));
        tx.Audit(call.Verb, "volume_group", row.Id, row.ProjectId, new { row.Name, volumes = members.Count });
    }

    private static JsonObject Brief(GroupRow row) => new() { ["id"] = row.Id, ["name"] = row.Name };

    private async Task<List<JsonObject>> Full(Query q, Call call, IReadOnlyList<GroupRow> rows)
    {
        var ids = rows.Select(g => g.Id).ToList();
        var members = await GroupStore.Members(q, ids);
        var types = (await q.Db<VolumeDb>().GroupVolumeTypes.Where(t => ids.Contains(t.GroupId)).OrderBy(t => t.TypeId).ToListAsync()).ToLookup(t => t.GroupId, t => t.TypeId);
        return [.. rows.Select(g => Full(call, g, [.. members[g.Id]], types[g.Id]))];
    }

    private JsonObject Full(Call call, GroupRow row, IReadOnlyList<FullVolume> members, IEnumerable<string> types)
    {
        var body = Brief(row);
        body["status"] = row.Status([.. members.Select(m => m.Status(clock.Ms()))]);
        body["description"] = row.Description;
        body["availability_zone"] = row.Zone ?? members.FirstOrDefault()?.Row.Zone ?? "nova";
        body["created_at"] = Clock.Micros(row.CreatedAt);
        body["group_type"] = row.TypeId;
        body["volume_types"] = new JsonArray([.. types.Select(t => (JsonNode)t)]);
        if (call.AtLeast(14)) (body["group_snapshot_id"], body["source_group_id"]) = (row.GroupSnapshotId, row.SourceGroupId);
        if (call.AtLeast(25) && call.QueryFlag("list_volume")) body["volumes"] = new JsonArray([.. members.Select(m => (JsonNode)m.Row.Id)]);
        if (call.AtLeast(38)) body["replication_status"] = "disabled";
        if (call.AtLeast(58)) body["project_id"] = row.ProjectId;
        return body;
    }
}
