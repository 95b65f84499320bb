using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Keeping;

/// <summary>/xiangyun/v1/protections: whoever may change an object protects it; a manager of its project lifts that again.</summary>
internal sealed class ProtectionApi(Database database, Neighbour neighbour, IPower power) : IApi
{
    private const string One = "/protections/{kind}/{id}";

    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/protections", "recycle:read", List);
        r.Put(One, "recycle:write", "protection.set", Set);
        r.Delete(One, "recycle:write", "protection.delete", Lift);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<ApprovalsDb>().Protections.AsQueryable();
        if (!call.Actor.IsAdmin) rows = rows.Where(p => p.ProjectId == (call.Actor.ProjectId ?? ""));
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(p => p.Kind == kind);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw CloudError.Invalid($"The marker {m} names nothing of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(ProtectionRow.Id))], page, mark);
        return Answer.Ok(new JsonObject { ["protections"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    private static JsonObject Wire(ProtectionRow p) => new()
    {
        ["kind"] = p.Kind, ["id"] = p.Id, ["project_id"] = p.ProjectId, ["reason"] = p.Reason, ["user_id"] = p.UserId, ["created_at"] = Clock.Seconds(p.CreatedAt),
    };

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("protection");
        var reason = body.TextOr("reason", 0, 500) ?? "";
        body.Done();
        var (kind, id) = (call["kind"], call["id"]);
        var (service, path, member) = Kinds.Where(kind);
        var found = await neighbour.Ask(call, service, "GET", $"{path}/{Uri.EscapeDataString(id)}");
        var project = Owner((member.Length == 0 ? found! : found![member]!).AsObject()) ?? throw CloudError.Invalid($"The {kind} {id} belongs to no project.");
        if (!call.Actor.IsAdmin && project != call.Actor.ProjectId) throw CloudError.Forbidden($"The {kind} {id} belongs to another project.");
        return await database.Write(call.Actor, async tx =>
        {
            var rows = tx.Db<ApprovalsDb>().Protections;
            await rows.Where(p => p.Kind == kind && p.Id == id).ExecuteDeleteAsync();
            var row = new ProtectionRow { Kind = kind, Id = id, ProjectId = project, Reason = reason, UserId = call.Actor.UserId, CreatedAt = tx.Now };
            rows.Add(row);
            tx.Audit(call.Verb, "protection", id, project, new { kind, reason });
            return Answer.Ok(new JsonObject { ["protection"] = Wire(row) });
        }, call.Stop);
    }

    private static string? Owner(JsonObject thing) => (string?)(thing["tenant_id"] ?? thing["owner"] ?? thing["project_id"] ?? thing["os-vol-tenant-attr:tenant_id"] ?? thing["os-extended-snapshot-attributes:project_id"]);

    private async Task<Answer> Lift(Call call)
    {
        var (kind, id) = (call["kind"], call["id"]);
        await database.Write(call.Actor, async tx =>
        {
            var row = await tx.Db<ApprovalsDb>().Protections.SingleOrDefaultAsync(p => p.Kind == kind && p.Id == id);
            if (row is null || !await power.Sees(tx, call.Actor, row.ProjectId)) throw CloudError.NotFound($"The {kind} {id} is not protected.");
            if (!await power.Manages(tx, call.Actor, row.ProjectId)) throw CloudError.Forbidden("Only a manager of its project, or of one above it, lifts a protection.");
            await tx.Db<ApprovalsDb>().Protections.Where(p => p.Kind == kind && p.Id == id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "protection", id, row.ProjectId, new { kind, row.Reason });
        }, call.Stop);
        return Answer.NoContent;
    }
}
