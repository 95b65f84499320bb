using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Tags;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>
/// The five verbs that all Neutron resources share, with bulk create, filters, pages, <c>fields</c>, revisions, rights and
/// audit. A resource says what its attributes are, who sees which rows, and what creating, changing and deleting means.
/// </summary>
internal abstract class Resource<T>(Database database, string one, string many) : IApi where T : ResourceRow
{
    protected Database Database => database;

    public Service Service => Neutron.Service;

    private string Read => $"network:{Rule}:read";
    private string Write => $"network:{Rule}:write";

    /// <summary>What its rules are called, when it is not the name in the body.</summary>
    protected virtual string Rule => one;

    /// <summary>Below which path the collection lies.</summary>
    protected virtual string Path => "/" + many.Replace('_', '-');

    public virtual void Map(Routes routes)
    {
        var path = Path;
        routes.Get(path, Read, List);
        routes.Get(path + "/{id}", Read, Show);
        routes.Post(path, Write, $"{one}.create", Create);
        routes.Put(path + "/{id}", Write, $"{one}.update", Update);
        routes.Delete(path + "/{id}", Write, $"{one}.delete", Delete);
        Tags.Tags.Filters(Attributes);
        new TagRoutes<T>(database, one, Visible, Own, Missing).Map(routes, path, Read, Write);
    }

    protected abstract Attributes<T> Attributes { get; }
    protected abstract IQueryable<T> Visible(Query q, Actor actor);
    protected abstract CloudError Missing(string id);
    protected abstract Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<T> rows);
    protected abstract Task<T> Create(Tx tx, Actor actor, string projectId, Fields fields);
    protected abstract Task Change(Tx tx, Actor actor, T row, Fields fields);
    protected abstract Task Remove(Tx tx, Actor actor, T row);
    protected virtual Task BeforeList(Call call) => Task.CompletedTask;

    private async Task<IReadOnlyList<JsonObject>> Dressed(Query q, Actor actor, IReadOnlyList<T> rows)
    {
        var shown = await Show(q, actor, rows);
        await Tags.Tags.Show(q, rows, shown);
        return shown;
    }

    private async Task<Answer> List(Call call)
    {
        await BeforeList(call);
        var page = ListRequest.Page(call);
        var sort = ListRequest.Sort(call, Attributes);
        return Answer.Ok(await database.Read(async q =>
        {
            var visible = Visible(q, call.Actor);
            var rows = ListRequest.FilterNames(call).Aggregate(visible, (found, name) => Attributes.Where(q, found, name, call.QueryAll(name)));
            var marker = page.Marker is null ? null : await visible.SingleOrDefaultAsync(r => r.Id == page.Marker)
                ?? throw CloudError.Invalid($"The marker '{page.Marker}' is no {one} that you can see.", "HTTPBadRequest");
            var slice = await rows.Paged(sort, page, marker);
            var shown = await Dressed(q, call.Actor, slice.Rows);
            var body = new JsonObject { [many] = new JsonArray([.. shown.Select(s => ListRequest.Fields(call, s))]) };
            if (ListRequest.Links(call, page, slice) is { } links) body[many + "_links"] = links;
            return body;
        }, call.Stop));
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var id = call["id"];
        var row = await Visible(q, call.Actor).SingleOrDefaultAsync(r => r.Id == id) ?? throw Missing(id);
        return new JsonObject { [one] = ListRequest.Fields(call, (await Dressed(q, call.Actor, [row]))[0]) };
    }, call.Stop));

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var bulk = body.Has(many);
        return Answer.Created(await database.Write(call.Actor, async tx =>
        {
            var wanted = bulk ? body.ObjectsOr(many) ?? [] : [body.Object(one)];
            body.Done();
            if (wanted.Count == 0) throw CloudError.Invalid($"The list '{many}' is empty.", "HTTPBadRequest");
            var rows = new List<T>();
            foreach (var fields in wanted) rows.Add(await CreateOne(tx, call, fields));
            var shown = await Dressed(tx, call.Actor, rows);
            return bulk ? new JsonObject { [many] = new JsonArray([.. shown]) } : new JsonObject { [one] = shown[0] };
        }, call.Stop));
    }

    private async Task<T> CreateOne(Tx tx, Call call, Fields fields)
    {
        var row = await Create(tx, call.Actor, Owner.Of(call.Actor, fields), fields);
        tx.Audit(call.Verb, one, row.Id, row.ProjectId, new { row.Name });
        await tx.Save();
        return row;
    }

    private async Task<Answer> Update(Call call)
    {
        var fields = await call.Body(one);
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = await Own(tx, call);
            await Change(tx, call.Actor, row, fields);
            tx.Audit(call.Verb, one, row.Id, row.ProjectId, new { changed = fields.Names.ToArray() });
            return new JsonObject { [one] = (await Dressed(tx, call.Actor, [row]))[0] };
        }, call.Stop));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Own(tx, call);
            await Remove(tx, call.Actor, row);
            tx.Audit(call.Verb, one, row.Id, row.ProjectId, new { row.Name });
        }, call.Stop);
        return Answer.NoContent;
    }

    /// <summary>The row of the path, held for change: 404 when not visible, 403 when only visible, 412 when it has moved on.</summary>
    protected async Task<T> Own(Tx tx, Call call)
    {
        var id = call["id"];
        if (!await Visible(tx, call.Actor).AnyAsync(r => r.Id == id)) throw Missing(id);
        var row = await tx.Hold<T>(id) ?? throw Missing(id);
        if (!call.Actor.MaySee(row.ProjectId)) throw CloudError.Forbidden($"The {one} {id} belongs to another project; only its project or an administrator may change it.", "PolicyNotAuthorized");
        IfMatch.Check(call, row);
        return row;
    }
}
