using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Hosting.Limits;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Hosting.Sites;

/// <summary>/xiangyun/v1/sites: what a bureau calls its systems and websites, and what each consists of.</summary>
internal sealed class SiteApi(Database database, SiteStore store, SiteMembers members) : IApi
{
    private const string Read = "hosting:site:read", Write = "hosting:site:write";
    private const int MostHostNames = 50, MostContacts = 10;

    public Service Service => HostingModule.Service;

    public void Map(Routes r)
    {
        r.Get("/sites", Read, List);
        r.Get("/sites/{id}", Read, call => database.Read(async q => Answer.Ok(await One(q, await store.Find(q, call.Actor, call["id"]))), call.Stop));
        r.Post("/sites", Write, "site.create", Create);
        r.Patch("/sites/{id}", Write, "site.update", Change);
        r.Delete("/sites/{id}", Write, "site.delete", Delete);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = await store.Visible(q, call.Actor);
        if (call.QueryOr("project_id") is { } project) rows = rows.Where(s => s.ProjectId == project);
        if (call.QueryOr("name") is { } name) rows = rows.Where(s => s.Name == name);
        if (call.QueryOr("host_name") is { } text)
        {
            var host = SiteRules.HostName(text);
            rows = rows.Where(s => q.Db<HostingDb>().HostNames.Any(h => h.Name == host && h.SiteId == s.Id));
        }
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(s => s.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no site of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(SiteRow.Id))], page, mark);
        return Answer.Ok(new JsonObject { ["sites"] = new JsonArray([.. await Show(q, slice.Rows)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    private async Task<IEnumerable<JsonObject>> Show(Query q, IReadOnlyList<SiteRow> rows)
    {
        var (db, ids) = (q.Db<HostingDb>(), rows.Select(r => r.Id).ToList());
        var names = (await db.HostNames.Where(h => ids.Contains(h.SiteId)).OrderBy(h => h.Name).ToListAsync()).ToLookup(h => h.SiteId, h => h.Name);
        var parts = await members.Of(q, rows, await db.Members.Where(m => ids.Contains(m.SiteId)).ToListAsync());
        return rows.Select(r => SiteWire.Of(r, names[r.Id], [.. parts[r.Id]]));
    }

    private async Task<JsonObject> One(Query q, SiteRow row) => new() { ["site"] = (await Show(q, [row])).Single() };

    private async Task<Answer> Create(Call call)
    {
        var fields = await call.Body("site");
        return Answer.Created(await database.Write(call.Actor, async tx =>
        {
            var project = fields.TextOr("project_id", 1, 64) ?? call.Actor.ProjectId ?? throw CloudError.Invalid("A site belongs to a project: use a token that is scoped to one.");
            if (!call.Actor.IsAdmin && project != call.Actor.ProjectId) throw CloudError.Invalid("Only the administrator of the cloud makes a site for another project; use a token that is scoped to it.");
            await HostingUse.Take(tx, project);
            var row = new SiteRow { Id = Id.New(), ProjectId = project, Name = fields.Text("name", 1), CreatedAt = tx.Now, UpdatedAt = tx.Now };
            await Apply(tx, row, fields);
            tx.Db<HostingDb>().Add(row);
            tx.Audit(call.Verb, "site", row.Id, row.ProjectId, new { row.Name });
            await tx.Save();
            return await One(tx, row);
        }, call.Stop));
    }

    private async Task<Answer> Change(Call call)
    {
        var fields = await call.Body("site");
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = await Held(tx, call);
            row.Name = fields.TextOr("name", 1) ?? row.Name;
            await Apply(tx, row, fields);
            (row.UpdatedAt, row.Generation) = (tx.Now, row.Generation + 1);
            tx.Db<HostingDb>().Update(row).Property(s => s.Generation).OriginalValue = row.Generation - 1;
            tx.Audit(call.Verb, "site", row.Id, row.ProjectId, new { changed = fields.Names.ToArray() });
            await tx.Save();
            return await One(tx, row);
        }, call.Stop));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Held(tx, call);
            await SiteStore.Delete(tx, row.Id);
            tx.Audit(call.Verb, "site", row.Id, row.ProjectId, new { row.Name });
        }, call.Stop);
        return Answer.NoContent;
    }

    private async Task<SiteRow> Held(Tx tx, Call call)
    {
        await tx.Lock("site:" + call["id"]);
        return await store.Find(tx, call.Actor, call["id"]);
    }

    /// <summary>Everything that a site is made and changed with alike; what is not named stays.</summary>
    private async Task Apply(Tx tx, SiteRow row, Fields fields)
    {
        row.Description = fields.TextOr("description", 0, 2000) ?? row.Description;
        if (fields.Has("registration")) row.Registration = fields.TextOr("registration", 0, 64) is { Length: > 0 } number ? SiteRules.Registration(number) : null;
        if (fields.ObjectsOr("contacts") is { } contacts) row.Contacts = JsonSerializer.Serialize(Contacts(contacts), Json.Options);
        var names = fields.TextsOr("host_names", 300)?.Select(SiteRules.HostName).Distinct().ToList();
        var parts = await members.Wanted(tx, row.Id, row.ProjectId, fields);
        fields.Done();
        if (names?.Count > MostHostNames) throw CloudError.Invalid($"A site has at most {MostHostNames} domain names, not {names.Count}.");
        if (names is not null) await SiteStore.SetHostNames(tx, row.Id, names);
        if (parts is not null) await SiteStore.SetMembers(tx, row.Id, parts);
    }

    private static List<Contact> Contacts(List<Fields> wanted)
    {
        if (wanted.Count > MostContacts) throw CloudError.Invalid($"A site has at most {MostContacts} contacts, not {wanted.Count}.");
        return [.. wanted.Select(c =>
        {
            var contact = new Contact(c.Text("name", 1, 100), c.TextOr("duty", 0, 100), c.TextOr("phone", 0, 40), c.TextOr("email", 0, 254));
            c.Done();
            if (contact.Email is { Length: > 0 } mail && (mail.IndexOf('@') is < 1 || mail.EndsWith('@') || mail.Any(char.IsWhiteSpace))) throw CloudError.Invalid($"{c.At("email")}: '{mail}' is no mail address.");
            return contact;
        })];
    }
}
