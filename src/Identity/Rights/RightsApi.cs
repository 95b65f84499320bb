using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Groups;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Rights;

/// <summary>
/// /xiangyun/v1/rights/{user}: what a person may do, where, and through which grant; and the same after changes that are only
/// thought of. The changes are really made, by the very code that would make them, in a joint transaction that nobody keeps.
/// </summary>
internal sealed class RightsApi(Database database) : IApi
{
    private const int MostChanges = 50;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/rights/{id}", "identity:get_user", Show);
        r.Ask("/rights/{id}/simulate", "identity:grant", Simulate);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var db = q.Db<IdentityDb>();
        var user = await UserApi.Visible(db, call);
        return Answer.Ok(new JsonObject { ["rights"] = await Wire(db, user, await Holding.Of(db, user.Id, call.QueryOr("project_id"))) });
    }, call.Stop);

    private async Task<Answer> Simulate(Call call)
    {
        var body = await call.Body("simulate");
        List<(GrantWish Wish, bool Give)> changes = [.. (body.ObjectsOr("add") ?? []).Select(f => (Change(f, call["id"]), true)), .. (body.ObjectsOr("remove") ?? []).Select(f => (Change(f, call["id"]), false))];
        var (joins, leaves) = (body.TextsOr("join_groups") ?? [], body.TextsOr("leave_groups") ?? []);
        body.Done();
        if (changes.Count + joins.Count + leaves.Count is 0 or > MostChanges) throw CloudError.Invalid($"Name 1 to {MostChanges} changes in add, remove, join_groups and leave_groups.");
        return await database.Together(async _ =>
        {
            var (user, before) = await database.Read(async q =>
            {
                var found = await UserApi.Visible(q.Db<IdentityDb>(), call);
                return (found, await Holding.Of(q.Db<IdentityDb>(), found.Id));
            });
            var refused = new JsonArray();
            foreach (var (wish, give) in changes)
                await Try(call, refused, $"{(give ? "grant" : "revoke")} {wish.Role} at {wish.TargetKind} {wish.TargetId}", async (tx, db) =>
                {
                    var (grant, role) = await wish.Find(db);
                    await (give ? Granting.Give(tx, db, call.Actor, grant, role, null) : Granting.Take(tx, db, call.Actor, grant, role));
                });
            foreach (var group in joins) await Try(call, refused, $"join group {group}", (tx, db) => Memberships.Join(tx, db, call.Actor, group, user.Id));
            foreach (var group in leaves) await Try(call, refused, $"leave group {group}", (tx, db) => Memberships.Leave(tx, db, call.Actor, group, user.Id));
            return await database.Read(async q => Answer.Ok(new JsonObject { ["simulation"] = await Compare(q.Db<IdentityDb>(), user, before, await Holding.Of(q.Db<IdentityDb>(), user.Id), refused) }));
        }, call.Stop);
    }

    private static GrantWish Change(Fields fields, string userId)
    {
        var wish = GrantWish.Read(fields, userId);
        fields.Done();
        return wish;
    }

    /// <summary>What would be refused is part of the answer; the others go on.</summary>
    private async Task Try(Call call, JsonArray refused, string what, Func<Tx, IdentityDb, Task> change)
    {
        try
        {
            await database.Write(call.Actor, async tx =>
            {
                await change(tx, tx.Db<IdentityDb>());
                tx.Audit("rights.simulate", "user", call["id"]);
            });
        }
        catch (CloudError e)
        {
            refused.Add((JsonNode)new JsonObject { ["change"] = what, ["why"] = e.Message });
        }
    }

    private static async Task<JsonObject> Compare(IdentityDb db, UserRow user, IReadOnlyList<Holding> before, IReadOnlyList<Holding> after, JsonArray refused)
    {
        static IEnumerable<(string Kind, string Id, string Rule)> Rules(IEnumerable<Holding> all) => all.GroupBy(h => (h.TargetKind, h.TargetId)).SelectMany(g => Passed(g.Key.TargetKind, g).Select(rule => (g.Key.TargetKind, g.Key.TargetId, rule)));
        var (had, has) = (Rules(before).ToHashSet(), Rules(after).ToHashSet());
        JsonArray List(IEnumerable<(string Kind, string Id, string Rule)> rules) => [.. rules.GroupBy(r => (r.Kind, r.Id)).OrderBy(g => g.Key).Select(g => (JsonNode)new JsonObject
        {
            ["at"] = g.Key.Kind, ["at_id"] = g.Key.Kind == "system" ? null : g.Key.Id, ["rules"] = new JsonArray([.. g.Select(r => r.Rule).Order(StringComparer.Ordinal).Select(r => (JsonNode)r)]),
        })];
        return new JsonObject { ["gained"] = List(has.Except(had)), ["lost"] = List(had.Except(has)), ["refused"] = refused, ["before"] = await Wire(db, user, before), ["after"] = await Wire(db, user, after) };
    }

    /// <summary>The rules that a token of that place would pass: asked of the same table, with the same question, as every request.</summary>
    private static IEnumerable<string> Passed(string kind, IEnumerable<Holding> held)
    {
        var actor = new Actor
        {
            UserId = "", UserName = "", UserDomainId = "", ProjectId = kind == "project" ? "x" : null, DomainId = kind == "domain" ? "x" : null, SystemScope = kind == "system",
            Roles = held.Where(h => h.Rules is null).Select(h => h.Role).ToHashSet(), Rules = held.Where(h => h.Rules is not null).SelectMany(h => h.Rules!).ToHashSet(),
        };
        return Rules.All.Keys.Where(rule => rule is not ("public" or "token") && Rules.Allows(rule, actor)).Order(StringComparer.Ordinal);
    }

    private static async Task<JsonObject> Wire(IdentityDb db, UserRow user, IReadOnlyList<Holding> held)
    {
        var ids = held.Select(h => h.TargetId).ToHashSet();
        var names = await db.Projects.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name);
        return new JsonObject
        {
            ["user_id"] = user.Id, ["user_name"] = user.Name, ["enabled"] = user.Enabled,
            ["places"] = new JsonArray([.. held.GroupBy(h => (h.TargetKind, h.TargetId)).Select(place => (JsonNode)new JsonObject
            {
                ["at"] = place.Key.TargetKind, ["at_id"] = place.Key.TargetKind == "system" ? null : place.Key.TargetId, ["at_name"] = names.GetValueOrDefault(place.Key.TargetId),
                ["roles"] = new JsonArray([.. place.Select(h => (JsonNode)new JsonObject
                {
                    ["role"] = h.Role, ["granted_role"] = h.Granted, ["through_group"] = h.GroupId, ["inherited_from"] = h.From is { } from ? $"{from.Kind}:{from.Id}" : null, ["expires_at"] = Clock.Seconds(h.ExpiresAt),
                })]),
                ["rules"] = new JsonArray([.. Passed(place.Key.TargetKind, place).Select(r => (JsonNode)r)]),
            })]),
        };
    }
}
