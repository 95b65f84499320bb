using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Views;

/// <summary>
/// Saved views follow the person: kept here and not in a browser, each seen and changed by its owner alone. They give no
/// right: a view is an address, and what it shows is asked for anew. So a write does not raise the tokens' epoch.
/// </summary>
internal sealed class ViewApi(Database database) : IApi
{
    private const int Most = 200, Longest = 2000;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/me/views", "token", List);
        r.Post("/me/views", "token", "view.create", Create);
        r.Patch("/me/views/{id}", "token", "view.update", Update);
        r.Delete("/me/views/{id}", "token", "view.delete", Delete);
    }

    private static JsonObject Wire(ViewRow v) => new() { ["id"] = v.Id, ["page"] = v.Page, ["name"] = v.Name, ["query"] = v.Query, ["created_at"] = Clock.Seconds(v.CreatedAt), ["updated_at"] = Clock.Seconds(v.UpdatedAt) };

    /// <summary>Whose views: an impersonated token shows those of the one who signed in.</summary>
    private static string Owner(Call call) => call.Actor.SignedInUserId ?? call.Actor.UserId;

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var (db, user, list, page) = (q.Db<IdentityDb>(), Owner(call), call.QueryOr("page"), call.Page());
        var rows = db.Views.Where(v => v.UserId == user);
        if (list is not null) rows = rows.Where(v => v.Page == list);
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(v => v.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no view of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(ViewRow.Name))], page, mark);
        return Answer.Ok(new JsonObject { ["views"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("view");
        var (name, list, query) = (Name(body.Text("name", 1, 64)), body.Text("page", 1, 64), Query(body.Text("query", 0, Longest)));
        body.Done();
        if (!list.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) throw CloudError.Invalid("Invalid input for field/attribute view.page. It is a word of lower-case letters, digits and hyphens, such as servers.");
        return await database.Write(call.Actor, async tx =>
        {
            var (db, user) = (tx.Db<IdentityDb>(), Owner(call));
            await tx.Lock("identity.views:" + user);
            if (await db.Views.CountAsync(v => v.UserId == user) >= Most) throw CloudError.Conflict($"You have {Most} saved views; delete one that you no longer use.");
            await MustBeFree(db, user, list, name, null);
            var row = new ViewRow { Id = Id.New(), UserId = user, Page = list, Name = name, Query = query, CreatedAt = tx.Now, UpdatedAt = tx.Now };
            db.Add(row);
            tx.Audit(call.Verb, "user", user, null, new { view = row.Id, page = list, name });
            return Answer.Created(new JsonObject { ["view"] = Wire(row) });
        });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("view");
        var (name, query) = (body.TextOr("name", 1, 64), body.TextOr("query", 0, Longest));
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var (db, user) = (tx.Db<IdentityDb>(), Owner(call));
            await tx.Lock("identity.views:" + user);
            var row = await Mine(db, call);
            if (name is not null) await MustBeFree(db, user, row.Page, row.Name = Name(name), row.Id);
            if (query is not null) row.Query = Query(query);
            row.UpdatedAt = tx.Now;
            await db.Views.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.Name, row.Name).SetProperty(v => v.Query, row.Query).SetProperty(v => v.UpdatedAt, row.UpdatedAt));
            tx.Audit(call.Verb, "user", user, null, new { view = row.Id, name = row.Name });
            return Answer.Ok(new JsonObject { ["view"] = Wire(row) });
        });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var (db, user) = (tx.Db<IdentityDb>(), Owner(call));
            var row = await Mine(db, call);
            await db.Views.Where(v => v.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "user", user, null, new { view = row.Id, name = row.Name });
        });
        return Answer.NoContent;
    }

    private static async Task<ViewRow> Mine(IdentityDb db, Call call)
    {
        var (user, id) = (Owner(call), call["id"]);
        return await db.Views.SingleOrDefaultAsync(v => v.Id == id && v.UserId == user) ?? throw CloudError.NotFound($"You have no saved view {id}.");
    }

    private static async Task MustBeFree(IdentityDb db, string user, string list, string name, string? but)
    {
        if (await db.Views.AnyAsync(v => v.UserId == user && v.Page == list && v.Name == name && v.Id != but)) throw CloudError.Conflict($"You have a view named {name} of this list already: choose another name, or change that one.");
    }

    private static string Name(string name) => name.Trim() is { Length: > 0 } trimmed ? trimmed : throw CloudError.Invalid("Invalid input for field/attribute view.name. It must not be blank.");

    /// <summary>A query part and nothing else: with it a page of the console is opened.</summary>
    private static string Query(string query) => query.All(c => c is > ' ' and < '\x7f' and not ('#' or '<' or '>' or '"' or '?')) ? query : throw CloudError.Invalid("Invalid input for field/attribute view.query. It is the query part of an address without the question mark, percent-encoded, such as f.status=ACTIVE&sort=-created_at.");
}
