using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>Namespaces of metadata definitions: administrators write them, everybody reads the public ones.</summary>
internal sealed class NamespaceApi(Database database) : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/metadefs/namespaces", "image:read", List);
        routes.Post("/metadefs/namespaces", "image:write_metadefs", "metadef.namespace.create", Create);
        routes.Get("/metadefs/namespaces/{ns}", "image:read", Show);
        routes.Put("/metadefs/namespaces/{ns}", "image:write_metadefs", "metadef.namespace.update", Update);
        routes.Delete("/metadefs/namespaces/{ns}", "image:write_metadefs", "metadef.namespace.delete", Delete);
    }

    private async Task<Answer> List(Call call)
    {
        var page = call.Page();
        var body = await database.Read(async q =>
        {
            var rows = MetadefStore.Visible(q.Db<ImageDb>(), call.Actor);
            if (call.QueryOr("visibility") is { } visibility) rows = rows.Where(n => n.Visibility == visibility);
            if (call.QueryOr("resource_types") is { } types)
            {
                var wanted = types.Split(',');
                rows = rows.Where(n => q.Db<ImageDb>().Entries.Any(e => e.NamespaceId == n.Id && e.Kind == "resource_type" && wanted.Contains(e.Name)));
            }
            var marker = page.Marker is null ? null : await rows.SingleOrDefaultAsync(n => n.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no namespace.");
            var slice = await rows.Paged([new SortKey("Id")], page, marker);
            var ids = slice.Rows.Select(n => n.Id).ToList();
            var types2 = (await q.Db<ImageDb>().Entries.Where(e => ids.Contains(e.NamespaceId) && e.Kind == "resource_type").ToListAsync()).ToLookup(e => e.NamespaceId);
            var made = new JsonObject
            {
                ["namespaces"] = new JsonArray([.. slice.Rows.Select(n => MetadefWire.Of(n, [.. types2[n.Id]]))]),
                ["first"] = "/v2/metadefs/namespaces", ["schema"] = "/v2/schemas/metadefs/namespaces",
            };
            if (slice.More) made["next"] = $"/v2/metadefs/namespaces?limit={page.Limit}&marker={Uri.EscapeDataString(ids[^1])}";
            return made;
        }, call.Stop);
        return Answer.Ok(body);
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var wish = NamespaceWish.Read(body, call.Actor.ProjectId ?? "");
        var made = await database.Write(call.Actor, async tx =>
        {
            if (await tx.Db<ImageDb>().Namespaces.AnyAsync(n => n.Id == wish.Name)) throw CloudError.Conflict($"The metadata definition namespace {wish.Name} already exists.");
            var row = new NamespaceRow
            {
                Id = wish.Name, OwnerId = wish.Owner, Visibility = wish.Visibility ?? "private", Protected = wish.Protected ?? false,
                DisplayName = wish.DisplayName, Description = wish.Description, CreatedAt = tx.Now, UpdatedAt = tx.Now,
            };
            tx.Db<ImageDb>().Add(row);
            await tx.Save();
            foreach (var (kind, name, what) in wish.Entries) await MetadefStore.Add(tx, row.Id, kind, name, what);
            tx.Audit(call.Verb, "metadef_namespace", row.Id, null);
            return MetadefWire.Of(row, await MetadefStore.Entries(tx, row.Id));
        }, call.Stop);
        return Answer.Created(made).With("Location", call.Link("/image" + MetadefWire.Self(wish.Name)));
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var row = await MetadefStore.Get(q, call);
        return MetadefWire.Of(row, await MetadefStore.Entries(q, row.Id));
    }, call.Stop));

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body();
        var made = await database.Write(call.Actor, async tx =>
        {
            var row = await MetadefStore.Get(tx, call);
            var wish = NamespaceWish.Read(body, row.OwnerId);
            if (wish.Name != row.Id) throw CloudError.Forbidden("A namespace's name cannot be changed.");
            await tx.Db<ImageDb>().Namespaces.Where(n => n.Id == row.Id).ExecuteUpdateAsync(s => s
                .SetProperty(n => n.OwnerId, wish.Owner).SetProperty(n => n.Visibility, wish.Visibility ?? row.Visibility).SetProperty(n => n.Protected, wish.Protected ?? row.Protected)
                .SetProperty(n => n.DisplayName, wish.DisplayName).SetProperty(n => n.Description, wish.Description).SetProperty(n => n.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "metadef_namespace", row.Id, null);
            return MetadefWire.Of(await tx.Db<ImageDb>().Namespaces.AsNoTracking().SingleAsync(n => n.Id == row.Id), await MetadefStore.Entries(tx, row.Id));
        }, call.Stop);
        return Answer.Ok(made);
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await MetadefStore.Get(tx, call);
            if (row.Protected) throw CloudError.Forbidden($"The metadata definition namespace {row.Id} is protected and cannot be deleted. Set protected to false first.");
            await tx.Db<ImageDb>().Entries.Where(e => e.NamespaceId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ImageDb>().Namespaces.Where(n => n.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "metadef_namespace", row.Id, null);
        }, call.Stop);
        return Answer.NoContent;
    }
}
