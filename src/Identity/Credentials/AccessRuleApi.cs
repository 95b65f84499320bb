using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Credentials;

/// <summary>Access rules of a user: the requests that its application credentials were limited to. Equal ones are one row.</summary>
internal sealed class AccessRuleApi(IdentityStore store) : IApi
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/users/{user_id}/access_rules", "token", List);
        r.Get("/users/{user_id}/access_rules/{id}", "token", call => store.Read(async db => Answer.Ok(new JsonObject { ["access_rule"] = Linked(await Find(db, call), call) })));
        r.Delete("/users/{user_id}/access_rules/{id}", "token", "access_rule.delete", Delete);
    }

    public static JsonObject Wire(AccessRuleRow r) => new() { ["id"] = r.Id, ["service"] = r.Service, ["method"] = r.Method, ["path"] = r.Path };

    private static JsonObject Linked(AccessRuleRow r, Call call)
    {
        var body = Wire(r);
        body["links"] = Keystone.Self(call, $"/users/{r.UserId}/access_rules/{r.Id}");
        return body;
    }

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        ApplicationCredentialApi.MustBeOwn(call);
        var userId = call["user_id"];
        var rows = db.AccessRules.Where(r => r.UserId == userId).Same(call, "service", "Service").Same(call, "method", "Method").Same(call, "path", "Path");
        return await Pages.Of(call, "access_rules", rows, r => Linked(r, call));
    });

    private static async Task<AccessRuleRow> Find(IdentityDb db, Call call)
    {
        ApplicationCredentialApi.MustBeOwn(call);
        var (id, userId) = (call["id"], call["user_id"]);
        return await db.AccessRules.SingleOrDefaultAsync(r => r.Id == id && r.UserId == userId) ?? throw Keystone.Missing("access rule", id);
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            var used = await db.ApplicationCredentials.Where(c => c.UserId == row.UserId && c.AccessRules != null).Select(c => c.AccessRules!).ToListAsync();
            if (used.Exists(text => Keystone.Texts(text).Contains(row.Id))) throw CloudError.Forbidden("This access rule is in use by an application credential; delete that first.");
            await db.AccessRules.Where(r => r.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "access_rule", row.Id, null, new { row.Service, row.Method, row.Path });
        });
        return Answer.NoContent;
    }

    /// <summary>The rows of a new credential's rules; those that the user has not had yet are made.</summary>
    public static async Task<List<AccessRuleRow>> Ensure(Tx tx, IdentityDb db, string userId, IReadOnlyList<Fields> wanted)
    {
        var rows = new List<AccessRuleRow>();
        foreach (var wish in wanted)
        {
            var row = wish.TextOr("id") is { } id
                ? await db.AccessRules.SingleOrDefaultAsync(r => r.Id == id && r.UserId == userId) ?? throw Keystone.Missing("access rule", id)
                : await Ensure(db, userId, wish);
            rows.Add(row);
            await tx.Save();
        }
        return [.. rows.DistinctBy(r => r.Id)];
    }

    private static async Task<AccessRuleRow> Ensure(IdentityDb db, string userId, Fields wish)
    {
        var (service, path) = (wish.Text("service", 1), wish.Text("path", 1, 128));
        var method = wish.OneOf("method", Methods) ?? throw CloudError.Invalid($"Invalid input: '{wish.At("method")}' is a required property.");
        wish.Done();
        if (path[0] != '/') throw CloudError.Invalid($"Invalid input for field {wish.At("path")}: a path begins with a slash.");
        if (await db.AccessRules.SingleOrDefaultAsync(r => r.UserId == userId && r.Service == service && r.Method == method && r.Path == path) is { } known) return known;
        var made = new AccessRuleRow { Id = Id.New(), UserId = userId, Service = service, Method = method, Path = path };
        db.Add(made);
        return made;
    }
}
