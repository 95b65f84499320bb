using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Groups;

internal sealed class GroupSnapshotApi(Database database, GroupStore store, TimeProvider clock) : IApi
{
    private static readonly string[] Statuses = ["available", "creating", "deleting", "error", "error_deleting"];

    private static readonly Dictionary<string, string> SortMembers = new() { ["created_at"] = nameof(GroupSnapshotRow.CreatedAt), ["id"] = nameof(GroupSnapshotRow.Id), ["name"] = nameof(GroupSnapshotRow.Name) };

    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/group_snapshots", "volume:read", VolumeService.Since(14, call => List(call, detail: false)));
        r.Get("/group_snapshots/detail", "volume:read", VolumeService.Since(14, call => List(call, detail: true)));
        r.Post("/group_snapshots", "volume:write", "volume_group_snapshot.create", VolumeService.Since(14, Create));
        r.Get("/group_snapshots/{id}", "volume:read", VolumeService.Since(14, Show));
        r.Delete("/group_snapshots/{id}", "volume:write", "volume_group_snapshot.delete", VolumeService.Since(14, Delete));
        r.Post("/group_snapshots/{id}/action", "volume:admin", "volume_group_snapshot.action", VolumeService.Since(19, Reset));
    }

    private Task<Answer> List(Call call, bool detail) => database.Read(async q =>
    {
        VolumeService.Check(call);
        var project = call.Actor.ProjectId ?? "";
        var all = call.Actor.IsAdmin && call.QueryFlag("all_tenants");
        var rows = q.Db<VolumeDb>().GroupSnapshots.Where(g => all || g.ProjectId == project);
        if (call.QueryOr("name") is { } name) rows = rows.Where(g => g.Name == name);
        if (call.AtLeast(34) && call.QueryOr("name~") is { } part) rows = rows.Where(g => g.Name != null && g.Name.Contains(part));
        if (call.QueryOr("group_id") is { } group) rows = rows.Where(g => g.GroupId == group);
        var page = call.Page();
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(g => g.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no group snapshot.");
        var key = call.QueryOr("sort_key") ?? "created_at";
        var sort = new SortKey(SortMembers.GetValueOrDefault(key) ?? throw CloudError.Invalid($"Unknown sort key '{key}'. Possible are: {string.Join(", ", SortMembers.Keys)}."), call.QueryOr("sort_dir") != "asc");
        var slice = await rows.Paged([sort], page, mark);
        var body = new JsonObject { ["group_snapshots"] = new JsonArray([.. detail ? await Full(q, call, slice.Rows) : slice.Rows.Select(g => new JsonObject { ["id"] = g.Id, ["name"] = g.Name })]) };
        if (slice.More) body["group_snapshot_links"] = call.NextLinks(slice.Rows[^1].Id);
        return Answer.Ok(body);
    }, call.Stop);

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        VolumeService.Check(call);
        return Answer.Ok(new JsonObject { ["group_snapshot"] = (await Full(q, call, [await GroupStore.GetSnapshot(q, call.Actor, call["id"])]))[0] });
    }, call.Stop);

    private async Task<Answer> Create(Call call)
    {
        call.Project();
        var body = await call.Body("group_snapshot");
        var (group, name, description) = (body.Text("group_id", 1), body.TextOr("name"), body.TextOr("description"));
        body.Done();
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx =>
        {
            var row = await store.Snapshot(tx, call.Actor, await GroupStore.Get(tx, call.Actor, group), name, description);
            return new JsonObject { ["group_snapshot"] = new JsonObject { ["id"] = row.Id, ["name"] = row.Name, ["group_type_id"] = row.GroupTypeId } };
        }, call.Stop));
    }

    private async Task<Answer> Delete(Call call)
    {
        VolumeService.Check(call);
        await database.Write(call.Actor, async tx =>
        {
            var row = await GroupStore.GetSnapshot(tx, call.Actor, call["id"]);
            var parts = await GroupStore.Parts(tx, row.Id);
            foreach (var part in parts) await SnapshotStore.Delete(tx, part, "snapshot.delete", force: false);
            var shots = tx.Db<VolumeDb>().GroupSnapshots.Where(g => g.Id == row.Id);
            if (parts.Count == 0) await shots.ExecuteDeleteAsync();
            else await shots.ExecuteUpdateAsync(s => s.SetProperty(g => g.Gone, true));
            tx.Audit(call.Verb, "volume_group_snapshot", row.Id, row.ProjectId, new { row.Name });
        }, call.Stop);
        return Answer.Accepted;
    }

    private async Task<Answer> Reset(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body("reset_status");
        var status = body.OneOf("status", Statuses) ?? throw CloudError.Invalid("'status' is a required property.");
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var row = await GroupStore.GetSnapshot(tx, call.Actor, call["id"]);
            var word = status == "available" ? null : status;
            await tx.Db<VolumeDb>().GroupSnapshots.Where(g => g.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.ResetStatus, word));
            tx.Audit(call.Verb, "volume_group_snapshot", row.Id, row.ProjectId, new { status });
        }, call.Stop);
        return Answer.Accepted;
    }

    private async Task<List<JsonObject>> Full(Query q, Call call, IReadOnlyList<GroupSnapshotRow> rows)
    {
        var parts = await GroupStore.Parts(q, [.. rows.Select(g => g.Id)]);
        return [.. rows.Select(g => Full(call, g, [.. parts[g.Id]]))];
    }

    private JsonObject Full(Call call, GroupSnapshotRow row, IReadOnlyList<FullVolume> parts)
    {
        var body = new JsonObject
        {
            ["id"] = row.Id, ["name"] = row.Name, ["description"] = row.Description, ["status"] = row.Status([.. parts.Select(p => p.Status(clock.Ms()))]),
            ["group_id"] = row.GroupId, ["group_type_id"] = row.GroupTypeId, ["created_at"] = Clock.Micros(row.CreatedAt),
        };
        if (call.AtLeast(58)) body["project_id"] = row.ProjectId;
        return body;
    }
}
