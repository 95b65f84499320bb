using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Trusts;

/// <summary>Trusts: a user (the trustor) lets another (the trustee) act in one project with some of its roles.</summary>
internal sealed class TrustApi(IdentityStore store, TokenReader tokens) : IApi
{
    private static readonly string[] Known =
    [
        "trustor_user_id", "trustee_user_id", "project_id", "impersonation", "roles", "expires_at", "remaining_uses", "allow_redelegation", "redelegation_count", "redelegated_trust_id",
        "id", "links", "roles_links", "deleted_at",
    ];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/OS-TRUST/trusts", "token", List);
        r.Post("/OS-TRUST/trusts", "token", "trust.create", Create);
        r.Get("/OS-TRUST/trusts/{id}", "token", Show);
        r.Head("/OS-TRUST/trusts/{id}", "token", async call => (await Show(call)) with { Body = null });
        r.Delete("/OS-TRUST/trusts/{id}", "token", "trust.delete", Delete);
        r.Get("/OS-TRUST/trusts/{id}/roles", "token", async call => Pages.Whole(call, "roles", [.. (await Roles(call)).Select(role => TrustWire.Role(role, call))]));
        r.Get("/OS-TRUST/trusts/{id}/roles/{role_id}", "token", async call => Answer.Ok(new JsonObject { ["role"] = TrustWire.Role(await Role(call), call) }));
        r.Head("/OS-TRUST/trusts/{id}/roles/{role_id}", "token", async call => { await Role(call); return new Answer(200); });
    }

    private static async Task<TrustRow> Find(IdentityDb db, Call call)
    {
        var (id, actor) = (call["id"], call.Actor);
        var row = await db.Trusts.SingleOrDefaultAsync(t => t.Id == id);
        return row is not null && (actor.IsAdmin || row.TrustorId == actor.UserId || row.TrusteeId == actor.UserId) ? row : throw Keystone.Missing("trust", id);
    }

    private static Task<List<RoleRow>> RolesOf(IdentityDb db, TrustRow t)
    {
        var ids = Keystone.Texts(t.Roles);
        return db.Roles.Where(r => ids.Contains(r.Id)).OrderBy(r => r.Name).ToListAsync();
    }

    private Task<List<RoleRow>> Roles(Call call) => store.Read(async db => await RolesOf(db, await Find(db, call)));

    private async Task<RoleRow> Role(Call call) => (await Roles(call)).Find(r => r.Id == call["role_id"]) ?? throw Keystone.Missing("role", call["role_id"]);

    private Task<Answer> Show(Call call) => store.Read(async db =>
    {
        var row = await Find(db, call);
        return Answer.Ok(new JsonObject { ["trust"] = TrustWire.Whole(row, await RolesOf(db, row), call) });
    });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var (trustor, trustee, me) = (call.QueryOr("trustor_user_id"), call.QueryOr("trustee_user_id"), call.Actor.UserId);
        if (!call.Actor.IsAdmin && trustor != me && trustee != me) throw CloudError.Forbidden("Only an administrator lists all trusts; ask with your own id as trustor_user_id or trustee_user_id.");
        var rows = db.Trusts.Same(call, "trustor_user_id", "TrustorId").Same(call, "trustee_user_id", "TrusteeId");
        return await Pages.Of(call, "trusts", rows, t => TrustWire.Of(t, call));
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("trust");
        var (trustor, trustee) = (body.Text("trustor_user_id"), body.Text("trustee_user_id"));
        if (trustor != call.Actor.UserId) throw CloudError.Forbidden("A trust can be made only by its trustor.");
        var session = await tokens.Of(call);
        if (session.Restricted) throw CloudError.Forbidden("A restricted application credential may not make trusts.");
        var wanted = body.ObjectsOr("roles")?.Select(r => (Id: r.TextOr("id"), Name: r.TextOr("name"))).ToList() ?? [];
        var (made, roles) = await store.Write(call.Actor, async (tx, db) =>
        {
            await IdentityStore.User(db, trustee);
            var source = session.Trust is { } from ? await TrustRules.Valid(db, from.Id, tx.Now) ?? throw Keystone.Missing("trust", from.Id) : null;
            var projectId = body.TextOr("project_id");
            if (projectId is not null) await IdentityStore.Project(db, projectId);
            var chosen = await Chosen(db, trustor, projectId, wanted, source);
            var row = Row(body, tx.Now, source, projectId, chosen);
            TrustRules.MustFit(row, source, tx.Now);
            db.Add(row);
            tx.Audit(call.Verb, "trust", row.Id, projectId, new { trustor, trustee, row.Impersonation, roles = chosen.Select(r => r.Name) });
            return (row, chosen);
        });
        return Answer.Created(new JsonObject { ["trust"] = TrustWire.Whole(made, roles, call) });
    }

    private static TrustRow Row(Fields body, long now, TrustRow? source, string? projectId, List<RoleRow> roles)
    {
        var expires = ExpiryWire.Read(body.TextOr("expires_at")).Ms ?? source?.ExpiresAt;
        var again = body.FlagOr("allow_redelegation") == true;
        var most = source is null ? TrustRules.Deepest : source.RedelegationCount - 1;
        var count = body.NumberOr("redelegation_count", 0, 1000);
        if (count > TrustRules.Deepest) throw CloudError.Forbidden($"redelegation_count must be {TrustRules.Deepest} at most.");
        return new TrustRow
        {
            Id = Id.New(), TrustorId = body.Text("trustor_user_id"), TrusteeId = body.Text("trustee_user_id"), ProjectId = projectId,
            Impersonation = body.FlagOr("impersonation") ?? throw CloudError.Invalid("Invalid input: 'impersonation' is a required property."),
            Roles = JsonSerializer.Serialize(roles.Select(r => r.Id)), ExpiresAt = expires, RemainingUses = body.NumberOr("remaining_uses", 1, int.MaxValue),
            RedelegatedFrom = source?.Id, RedelegationCount = again ? count ?? Math.Max(0, most) : 0, Extra = Keystone.Extras(body, null, Known), CreatedAt = now,
        };
    }

    /// <summary>The roles of the new trust: each held by the trustor in that project; without a list, those of the trust that it comes from.</summary>
    private static async Task<List<RoleRow>> Chosen(IdentityDb db, string trustor, string? projectId, List<(string? Id, string? Name)> wanted, TrustRow? source)
    {
        if (projectId is null) return wanted.Count == 0 ? [] : throw CloudError.Invalid("A trust with roles needs a project_id.");
        var held = await Effective.Roles(db, trustor, "project", projectId);
        if (wanted.Count == 0 && source is not null) wanted = [.. Keystone.Texts(source.Roles).Select(id => ((string?)id, (string?)null))];
        if (wanted.Count == 0) throw CloudError.Forbidden("At least one role should be specified.");
        return [.. wanted.Select(w => held.Find(h => h.Id == w.Id || h.Name == w.Name) ?? throw Keystone.Missing("role", w.Id ?? w.Name ?? "")).DistinctBy(r => r.Id)];
    }

    private async Task<Answer> Delete(Call call)
    {
        if (await tokens.Of(call) is { Restricted: true }) throw CloudError.Forbidden("A restricted application credential may not delete trusts.");
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            if (!call.Actor.IsAdmin && row.TrustorId != call.Actor.UserId) throw CloudError.Forbidden("Only its trustor may delete a trust.");
            await TrustRules.Remove(db, db.Trusts.Where(t => t.Id == row.Id));
            tx.Audit(call.Verb, "trust", row.Id, row.ProjectId, new { row.TrustorId, row.TrusteeId });
        });
        return Answer.NoContent;
    }
}
