using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Store.Recycling;
using Xiangyun.Wire;

namespace Xiangyun.Image.Images;

internal sealed class ImageApi(Database database, TimeProvider clock) : IApi
{
    private static readonly string[] PatchTypes = ["application/openstack-images-v2.1-json-patch", "application/openstack-images-v2.0-json-patch"];

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/images", "image:read", List);
        routes.Post("/images", "image:write", "image.create", Create);
        routes.Get("/images/{id}", "image:read", Show);
        routes.Patch("/images/{id}", "image:write", "image.update", Update);
        routes.Delete("/images/{id}", "image:write", "image.delete", Remove);
        routes.Post("/images/{id}/actions/deactivate", "image:write", "image.deactivate", call => Activate(call, false));
        routes.Post("/images/{id}/actions/reactivate", "image:write", "image.reactivate", call => Activate(call, true));
        routes.Put("/images/{id}/tags/{tag}", "image:write", "image.tag", Tag);
        routes.Delete("/images/{id}/tags/{tag}", "image:write", "image.untag", Untag);
    }

    private async Task<Answer> List(Call call)
    {
        var page = call.Page();
        var slice = await database.Read(async q =>
        {
            var rows = ImageFilters.Apply(q.Db<ImageDb>(), call, clock.Ms());
            var marker = page.Marker is null ? null : await q.Db<ImageDb>().Visible(call.Actor).SingleOrDefaultAsync(i => i.Id == page.Marker)
                ?? throw CloudError.Invalid($"The marker {page.Marker} is no image.");
            var found = await rows.Paged(ImageFilters.Sort(call), page, marker);
            return new Slice<FullImage>(await ImageStore.Full(q, found.Rows), found.More);
        }, call.Stop);
        var body = new JsonObject
        {
            ["images"] = new JsonArray([.. slice.Rows.Select(i => ImageWire.Of(i, clock.Ms()))]),
            ["schema"] = "/v2/schemas/images",
            ["first"] = Relative(call, null),
        };
        if (slice.More && slice.Rows.Count > 0) body["next"] = Relative(call, slice.Rows[^1].Row.Id);
        return Answer.Ok(body);
    }

    /// <summary>Glance's links start at the version, not at the host.</summary>
    private static string Relative(Call call, string? marker)
    {
        var query = call.QueryNames.Where(n => n != "marker").SelectMany(n => call.QueryAll(n).Select(v => $"{Uri.EscapeDataString(n)}={Uri.EscapeDataString(v)}"));
        if (marker is not null) query = query.Append($"marker={marker}");
        var text = string.Join('&', query);
        return text.Length == 0 ? "/v2/images" : $"/v2/images?{text}";
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var draft = new ImageDraft { OwnerId = call.Actor.ProjectId ?? "" };
        foreach (var name in body.Names.ToList()) draft.Set(call.Actor, name, body.Raw(name)!.Value);
        if (draft.OwnerId.Length == 0) throw CloudError.Invalid("An image belongs to a project: use a token with a project scope, or name the owner.");
        var id = draft.Id ?? Id.New();
        var image = await database.Write(call.Actor, async tx =>
        {
            if (await tx.Db<ImageDb>().Images.AnyAsync(i => i.Id == id)) throw CloudError.Conflict($"Image ID {id} already exists!");
            await ImageQuotas.CheckCount(tx, draft.OwnerId);
            var row = Add(tx, id, draft);
            tx.Audit(call.Verb, "image", id, row.OwnerId, new { row.Name, row.Visibility });
            await tx.Save();
            return await ImageStore.Full(tx, row);
        }, call.Stop);
        return Answer.Created(ImageWire.Of(image, clock.Ms())).With("Location", call.Link($"/image/v2/images/{id}"))
            .With("OpenStack-image-import-methods", string.Join(',', Imports.ImportMethods.All)).With("OpenStack-image-store-ids", ImageService.Store);
    }

    internal static ImageRow Add(Tx tx, string id, ImageDraft draft)
    {
        var row = new ImageRow
        {
            Id = id, Name = draft.Name, OwnerId = draft.OwnerId, Visibility = draft.Visibility, Hidden = draft.Hidden, Protected = draft.Protected,
            ContainerFormat = draft.ContainerFormat, DiskFormat = draft.DiskFormat, MinDisk = draft.MinDisk, MinRam = draft.MinRam, CreatedAt = tx.Now, UpdatedAt = tx.Now,
        };
        tx.Db<ImageDb>().Add(row);
        ImageStore.AddTags(tx, id, draft.Tags);
        ImageStore.AddProperties(tx, id, draft.Properties);
        return row;
    }

    private async Task<Answer> Show(Call call)
    {
        var image = await database.Read(async q => await ImageStore.Full(q, await ImageStore.Get(q, call.Actor, call["id"])), call.Stop);
        return Answer.Ok(ImageWire.Of(image, clock.Ms()));
    }

    private async Task<Answer> Update(Call call)
    {
        var type = call.Http.Request.ContentType?.Split(';')[0].Trim();
        if (!PatchTypes.Contains(type)) throw new CloudError(ErrorKind.Invalid, $"Content-Type '{type}' is not supported; send {PatchTypes[0]}.") { Status = 415 };
        var patch = await call.ReadJson();
        var image = await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            var draft = ImageDraft.Of(await ImageStore.Full(tx, row));
            ImagePatch.Apply(draft, call.Actor, patch, row.Status(tx.Now) == "queued");
            await Save(tx, row.Id, draft);
            tx.Audit(call.Verb, "image", row.Id, row.OwnerId);
            await tx.Save();
            return await ImageStore.Full(tx, await ImageStore.Get(tx, Actor.System, row.Id));
        }, call.Stop);
        return Answer.Ok(ImageWire.Of(image, clock.Ms()));
    }

    private static async Task Save(Tx tx, string id, ImageDraft draft)
    {
        var db = tx.Db<ImageDb>();
        await db.Images.Where(i => i.Id == id).ExecuteUpdateAsync(s => s
            .SetProperty(i => i.Name, draft.Name).SetProperty(i => i.Visibility, draft.Visibility).SetProperty(i => i.Hidden, draft.Hidden)
            .SetProperty(i => i.Protected, draft.Protected).SetProperty(i => i.OwnerId, draft.OwnerId).SetProperty(i => i.ContainerFormat, draft.ContainerFormat)
            .SetProperty(i => i.DiskFormat, draft.DiskFormat).SetProperty(i => i.MinDisk, draft.MinDisk).SetProperty(i => i.MinRam, draft.MinRam).SetProperty(i => i.UpdatedAt, tx.Now));
        await db.Tags.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        await db.Properties.Where(r => r.ImageId == id).ExecuteDeleteAsync();
        ImageStore.AddTags(tx, id, draft.Tags);
        ImageStore.AddProperties(tx, id, draft.Properties);
    }

    private async Task<Answer> Remove(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            if (row.Protected) throw CloudError.Forbidden($"Image {row.Id} is protected and cannot be deleted. Set protected to false first.");
            if (row.DataFile is not null && await RecycleRules.Keep(tx, "image", row.Id, row.OwnerId) is { } until) await ImageRecycling.Recycle(tx, row, until);
            else await ImageStore.Purge(tx, row);
        }, call.Stop);
        return Answer.NoContent;
    }

    private async Task<Answer> Activate(Call call, bool active)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            if (row.DataFile is null) throw CloudError.Forbidden($"Image {row.Id} has the status {row.Status(tx.Now)}: only an active image can be deactivated, and only a deactivated one reactivated.");
            await tx.Db<ImageDb>().Images.Where(i => i.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.Deactivated, !active).SetProperty(i => i.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "image", row.Id, row.OwnerId);
        }, call.Stop);
        return Answer.NoContent;
    }

    private async Task<Answer> Tag(Call call)
    {
        var tag = call["tag"];
        if (tag.Length > 255) throw CloudError.Invalid("A tag is at most 255 characters long.");
        await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            var tags = await tx.Db<ImageDb>().Tags.Where(t => t.ImageId == row.Id).Select(t => t.Tag).ToListAsync();
            if (!tags.Contains(tag)) ImageStore.AddTags(tx, row.Id, [tag]);
            if (tags.Count >= ImageDraft.MostTags && !tags.Contains(tag)) throw CloudError.OverLimit($"An image may have at most {ImageDraft.MostTags} tags.");
            tx.Audit(call.Verb, "image", row.Id, row.OwnerId, new { tag });
        }, call.Stop);
        return Answer.NoContent;
    }

    private async Task<Answer> Untag(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ImageStore.GetOwn(tx, call.Actor, call["id"]);
            if (await tx.Db<ImageDb>().Tags.Where(t => t.ImageId == row.Id && t.Tag == call["tag"]).ExecuteDeleteAsync() == 0)
                throw CloudError.NotFound($"Image {row.Id} has no tag {call["tag"]}.");
            tx.Audit(call.Verb, "image", row.Id, row.OwnerId, new { tag = call["tag"] });
        }, call.Stop);
        return Answer.NoContent;
    }
}
