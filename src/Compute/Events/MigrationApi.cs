using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Hypervisors;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Events;

/// <summary>os-migrations, and those of one server that are under way. Moving is wanted, not run: it can be neither forced nor aborted half way.</summary>
internal sealed class MigrationApi(Database database, ComputeHosts hosts) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-migrations", "compute:hypervisors", List);
        r.Get("/servers/{id}/migrations", "compute:manage_hosts", Nova.Since(23, OfServer));
        r.Get("/servers/{id}/migrations/{number}", "compute:manage_hosts", Nova.Since(23, One));
        r.Delete("/servers/{id}/migrations/{number}", "compute:manage_hosts", "server.abort_migration", Nova.Since(24, NotOffered));
        r.Post("/servers/{id}/migrations/{number}/action", "compute:manage_hosts", "server.force_migration", Nova.Since(22, NotOffered));
    }

    private static string Type(string kind) => kind == MigrationRow.Evacuation ? "evacuation" : kind;

    private async Task<Answer> List(Call call)
    {
        Nova.OnlyQuery(call, 75, ["host", "status", "instance_uuid", "source_compute", "hidden", "migration_type", .. call.AtLeast(59) ? ["limit", "marker", "changes-since"] : Array.Empty<string>(),
            .. call.AtLeast(66) ? ["changes-before"] : Array.Empty<string>(), .. call.AtLeast(80) ? ["user_id", "project_id"] : Array.Empty<string>()]);
        var names = (await hosts.All()).ToDictionary(h => h.Id);
        return await database.Read(async q =>
        {
            var rows = Filtered(q.Db<ComputeDb>().Migrations, call, names);
            var page = call.AtLeast(59) ? call.Page() : Page.First;
            if (page.Marker is { } marker)
            {
                var mark = await rows.SingleOrDefaultAsync(m => m.Id == marker) ?? throw Nova.BadMarker(marker);
                rows = rows.Where(m => m.Number < mark.Number);
            }
            var numbers = await q.Db<ComputeDb>().Flavors.OrderBy(f => f.CreatedAt).ThenBy(f => f.Id).Select(f => f.Id).ToListAsync();
            var found = await rows.OrderByDescending(m => m.Number).Take(page.Limit + 1).ToListAsync();
            var slice = found.Count > page.Limit ? new Slice<MigrationRow>(found[..page.Limit], page.Limit > 0 && call.AtLeast(59)) : new Slice<MigrationRow>(found, false);
            return Answer.Ok(Nova.List(call, "migrations", slice, m => Wire(m, names, numbers, call), m => m.Id));
        });
    }

    private static IQueryable<MigrationRow> Filtered(IQueryable<MigrationRow> rows, Call call, Dictionary<string, ComputeHost> names)
    {
        if (call.QueryOr("status") is { } status) rows = rows.Where(m => m.Status == status);
        if (call.QueryOr("instance_uuid") is { } server) rows = rows.Where(m => m.ServerId == server);
        if (call.QueryOr("migration_type") is { } type) rows = rows.Where(m => m.Kind == type);
        if (call.AtLeast(80) && call.QueryOr("user_id") is { } user) rows = rows.Where(m => m.UserId == user);
        if (call.AtLeast(80) && call.QueryOr("project_id") is { } project) rows = rows.Where(m => m.ProjectId == project);
        List<string> Named(string name) => [.. names.Values.Where(h => h.IsCalled(name)).Select(h => h.Id)];
        if (call.QueryOr("host") is { } host) { var ids = Named(host); rows = rows.Where(m => ids.Contains(m.SourceHostId!) || ids.Contains(m.TargetHostId!)); }
        if (call.QueryOr("source_compute") is { } source) { var ids = Named(source); rows = rows.Where(m => ids.Contains(m.SourceHostId!)); }
        if (!call.AtLeast(59)) return rows;
        var (since, before) = ServerTimes.Period(call);
        if (since is { } from) rows = rows.Where(m => m.UpdatedAt >= from);
        return before is { } to ? rows.Where(m => m.UpdatedAt <= to) : rows;
    }

    /// <summary>Flavors have no number of their own here: their place by age stands for it; a flavor that is gone has none.</summary>
    private static JsonNode? Number(List<string> flavors, string id) => flavors.IndexOf(id) is var at and >= 0 ? at + 1 : null;

    private static JsonObject Wire(MigrationRow m, Dictionary<string, ComputeHost> names, List<string> flavors, Call call)
    {
        var (source, target) = (names.GetValueOrDefault(m.SourceHostId ?? ""), names.GetValueOrDefault(m.TargetHostId ?? ""));
        var body = new JsonObject
        {
            ["id"] = m.Number, ["status"] = m.Status, ["instance_uuid"] = m.ServerId, ["source_node"] = source?.Hostname, ["source_compute"] = source?.Host.Name, ["dest_node"] = target?.Hostname, ["dest_compute"] = target?.Host.Name,
            ["dest_host"] = null, ["old_instance_type_id"] = Number(flavors, m.OldFlavorId), ["new_instance_type_id"] = Number(flavors, m.NewFlavorId), ["created_at"] = Clock.Micros(m.CreatedAt), ["updated_at"] = Clock.Micros(m.UpdatedAt),
        };
        if (call.AtLeast(23)) body["migration_type"] = Type(m.Kind);
        if (call.AtLeast(23) && m.Kind == MigrationRow.Live && m.Status == MigrationRow.Migrating) body["links"] = Nova.Links(call, $"/servers/{m.ServerId}/migrations/{m.Number}");
        if (call.AtLeast(59)) body["uuid"] = m.Id;
        if (call.AtLeast(80)) (body["user_id"], body["project_id"]) = (m.UserId, m.ProjectId);
        return body;
    }

    private static JsonObject Progress(MigrationRow m, Dictionary<string, ComputeHost> names, Call call)
    {
        var (source, target) = (names.GetValueOrDefault(m.SourceHostId ?? ""), names.GetValueOrDefault(m.TargetHostId ?? ""));
        var body = new JsonObject
        {
            ["id"] = m.Number, ["status"] = "running", ["server_uuid"] = m.ServerId, ["source_node"] = source?.Hostname, ["source_compute"] = source?.Host.Name, ["dest_node"] = target?.Hostname, ["dest_compute"] = target?.Host.Name,
            ["dest_host"] = null, ["created_at"] = Clock.Micros(m.CreatedAt), ["updated_at"] = Clock.Micros(m.UpdatedAt),
        };
        foreach (var part in new[] { "memory", "disk" }) (body[part + "_total_bytes"], body[part + "_processed_bytes"], body[part + "_remaining_bytes"]) = (null, null, null);
        if (call.AtLeast(59)) body["uuid"] = m.Id;
        if (call.AtLeast(80)) (body["user_id"], body["project_id"]) = (m.UserId, m.ProjectId);
        return body;
    }

    private async Task<List<MigrationRow>> Running(Call call) => await database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        return await q.Db<ComputeDb>().Migrations.Where(m => m.ServerId == row.Id && m.Kind == MigrationRow.Live && m.Status == MigrationRow.Migrating).OrderBy(m => m.Number).ToListAsync();
    });

    private async Task<Answer> OfServer(Call call)
    {
        var names = (await hosts.All()).ToDictionary(h => h.Id);
        return Answer.Ok(new JsonObject { ["migrations"] = new JsonArray([.. (await Running(call)).Select(m => Progress(m, names, call))]) });
    }

    private async Task<MigrationRow> Find(Call call) =>
        (await Running(call)).FirstOrDefault(m => m.Number.ToString() == call["number"]) ?? throw CloudError.NotFound($"In-progress live migration {call["number"]} is not found for server {call["id"]}.");

    private async Task<Answer> One(Call call) => Answer.Ok(new JsonObject { ["migration"] = Progress(await Find(call), (await hosts.All()).ToDictionary(h => h.Id), call) });

    private async Task<Answer> NotOffered(Call call)
    {
        await Find(call);
        throw CloudError.Invalid("A live migration of this cloud is one step of the hosts: it can be neither forced nor aborted half way.");
    }
}
