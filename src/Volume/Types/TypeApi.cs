using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Types;

/// <summary>Kinds of volumes. All of them are files on hosts; what the extra specs demand, <see cref="TypeSpecs"/> says.</summary>
internal sealed class TypeApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/types", "volume:read", List);
        routes.Get("/types/default", "volume:read", call => ShowOne(call, async q => await DefaultTypeApi.Of(q, call.Actor.ProjectId ?? "") is { } own ? await TypeStore.Get(q, call.Actor, own) : await TypeStore.Usable(q, call.Actor, TypeRow.DefaultName)));
        routes.Get("/types/{id}", "volume:read", call => ShowOne(call, q => TypeStore.Get(q, call.Actor, call["id"])));
        routes.Post("/types", "volume:admin", "volume_type.create", Create);
        routes.Put("/types/{id}", "volume:admin", "volume_type.update", Update);
        routes.Delete("/types/{id}", "volume:admin", "volume_type.delete", Delete);
    }

    private async Task<Answer> List(Call call)
    {
        var page = call.Page();
        var body = await database.Read(async q =>
        {
            var db = q.Db<VolumeDb>();
            var all = call.QueryOr("is_public") is { } wish && wish.Equals("none", StringComparison.OrdinalIgnoreCase);
            var rows = db.Visible(call.Actor, all);
            if (call.Actor.IsAdmin && !all) rows = call.QueryOr("is_public") is null || call.QueryFlag("is_public") ? rows.Where(t => t.IsPublic) : db.Types.Where(t => !t.IsPublic);
            if (call.AtLeast(52) && call.QueryOr("extra_specs") is { } wanted)
                foreach (var (key, value) in VolumeFilters.Pairs(wanted)) rows = rows.Where(t => db.Specs.Any(s => s.TypeId == t.Id && s.Name == key && s.Value == value));
            var marker = page.Marker is null ? null : await db.Types.SingleOrDefaultAsync(t => t.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no volume type.");
            var slice = await rows.Paged([new SortKey(nameof(TypeRow.CreatedAt), true)], page, marker);
            var specs = await TypeStore.Specs(q, [.. slice.Rows.Select(t => t.Id)]);
            var list = new JsonObject { ["volume_types"] = new JsonArray([.. slice.Rows.Select(t => Wire(t, specs[t.Id]))]) };
            if (slice.More && slice.Rows.Count > 0) list["volume_type_links"] = call.NextLinks(slice.Rows[^1].Id);
            return list;
        }, call.Stop);
        return Answer.Ok(body);
    }

    private async Task<Answer> ShowOne(Call call, Func<Query, Task<TypeRow>> find) => Answer.Ok(await database.Read(async q =>
    {
        var type = await find(q);
        return new JsonObject { ["volume_type"] = Wire(type, (await TypeStore.Specs(q, [type.Id]))[type.Id]) };
    }, call.Stop));

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("volume_type");
        var name = Name(body) ?? throw CloudError.Invalid("Volume type name can not be empty.");
        var description = body.TextOr("description");
        var isPublic = body.FlagOr("os-volume-type-access:is_public") ?? true;
        var specs = body.MapOr("extra_specs") ?? [];
        body.Done();
        var wire = await database.Write(call.Actor, async tx =>
        {
            await Free(tx, name, null);
            var row = new TypeRow { Id = Id.New(), Name = name, Description = description, IsPublic = isPublic, CreatedAt = tx.Now };
            tx.Db<VolumeDb>().Add(row);
            var rows = specs.Select(s => new SpecRow { TypeId = row.Id, Name = s.Key, Value = s.Value }).ToList();
            tx.Db<VolumeDb>().AddRange(rows);
            tx.Audit(call.Verb, "volume_type", row.Id, null, new { name });
            return Wire(row, rows);
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["volume_type"] = wire });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("volume_type");
        var (name, hasDescription, description, isPublic) = (Name(body), body.Has("description"), body.TextOr("description"), body.FlagOr("is_public"));
        body.Done();
        if (name is null && !hasDescription && isPublic is null) throw CloudError.Invalid("Specify volume type name, description, is_public or a combination thereof.");
        await database.Write(call.Actor, async tx =>
        {
            var row = await TypeStore.Get(tx, call.Actor, call["id"]);
            if (name is not null) await Free(tx, name, row.Id);
            await tx.Db<VolumeDb>().Types.Where(t => t.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.Name, name ?? row.Name)
                .SetProperty(t => t.Description, hasDescription ? description : row.Description).SetProperty(t => t.IsPublic, isPublic ?? row.IsPublic).SetProperty(t => t.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "volume_type", row.Id);
        }, call.Stop);
        var shown = await ShowOne(call, q => TypeStore.Get(q, call.Actor, call["id"]));
        ((JsonObject)((JsonObject)shown.Body!)["volume_type"]!).Remove("os-volume-type-access:is_public"); // Cinder leaves it out here, and clients check
        return shown;
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var db = tx.Db<VolumeDb>();
            var row = await TypeStore.Get(tx, call.Actor, call["id"]);
            if (row.Name == TypeRow.DefaultName) throw CloudError.Invalid($"The volume type {row.Name} is the default one and cannot be deleted.");
            if (await db.Volumes.AnyAsync(v => v.TypeId == row.Id)) throw CloudError.Invalid("Target volume type is still in use.");
            await db.Specs.Where(s => s.TypeId == row.Id).ExecuteDeleteAsync();
            await db.TypeProjects.Where(p => p.TypeId == row.Id).ExecuteDeleteAsync();
            await db.TypeQos.Where(t => t.TypeId == row.Id).ExecuteDeleteAsync();
            await db.DefaultTypes.Where(t => t.TypeId == row.Id).ExecuteDeleteAsync();
            await db.GroupVolumeTypes.Where(t => t.TypeId == row.Id).ExecuteDeleteAsync();
            await db.Types.Where(t => t.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_type", row.Id, null, new { row.Name });
        }, call.Stop);
        return Answer.Accepted;
    }

    private static string? Name(Fields body)
    {
        var name = body.TextOr("name");
        return name is not null && string.IsNullOrWhiteSpace(name) ? throw CloudError.Invalid("Volume type name can not be empty.") : name;
    }

    private static async Task Free(Tx tx, string name, string? but)
    {
        if (await tx.Db<VolumeDb>().Types.AnyAsync(t => t.Name == name && t.Id != but)) throw CloudError.Conflict($"Volume Type {name} already exists.");
    }

    private static JsonObject Wire(TypeRow type, IEnumerable<SpecRow> specs) => new()
    {
        ["id"] = type.Id, ["name"] = type.Name, ["description"] = type.Description, ["is_public"] = type.IsPublic, ["os-volume-type-access:is_public"] = type.IsPublic,
        ["extra_specs"] = VolumeWire.Map(specs.Select(s => KeyValuePair.Create(s.Name, s.Value))),
    };
}
