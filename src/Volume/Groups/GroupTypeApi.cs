using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Groups;

/// <summary>Kinds of groups, and the specs that say what a group of that kind promises.</summary>
internal sealed class GroupTypeApi(Database database) : IApi
{
    private const string ConsistentSpec = "consistent_group_snapshot_enabled";

    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        const string all = "/group_types", one = all + "/{id}", specs = one + "/group_specs";
        r.Get(all, "volume:read", VolumeService.Since(11, List));
        r.Get(all + "/default", "volume:read", VolumeService.Since(11, call => ShowOne(call, q => Usable(q, call.Actor, GroupTypeRow.DefaultName))));
        r.Get(one, "volume:read", VolumeService.Since(11, call => ShowOne(call, q => Get(q, call.Actor, call["id"]))));
        r.Post(all, "volume:admin", "volume_group_type.create", VolumeService.Since(11, Create));
        r.Put(one, "volume:admin", "volume_group_type.update", VolumeService.Since(11, Update));
        r.Delete(one, "volume:admin", "volume_group_type.delete", VolumeService.Since(11, Delete));
        r.Get(specs, "volume:admin", VolumeService.Since(11, async call => Answer.Ok(new JsonObject { ["group_specs"] = VolumeWire.Map(await ReadSpecs(call)) })));
        r.Get(specs + "/{key}", "volume:admin", VolumeService.Since(11, async call => Answer.Ok(new JsonObject { [call["key"]] = (await ReadSpecs(call)).GetValueOrDefault(call["key"]) ?? throw NoKey(call) })));
        r.Post(specs, "volume:admin", "volume_group_type.specs.set", VolumeService.Since(11, SetSpecs));
        r.Put(specs + "/{key}", "volume:admin", "volume_group_type.specs.set", VolumeService.Since(11, SetSpec));
        r.Delete(specs + "/{key}", "volume:admin", "volume_group_type.specs.remove", VolumeService.Since(11, DeleteSpec));
    }

    public static async Task<GroupTypeRow> Get(Query q, Actor actor, string id) =>
        await q.Db<VolumeDb>().GroupTypes.SingleOrDefaultAsync(t => t.Id == id && (t.IsPublic || actor.IsAdmin)) ?? throw CloudError.NotFound($"Group type {id} could not be found.");

    /// <summary>By id or name.</summary>
    public static async Task<GroupTypeRow> Usable(Query q, Actor actor, string idOrName) =>
        await q.Db<VolumeDb>().GroupTypes.Where(t => (t.Id == idOrName || t.Name == idOrName) && (t.IsPublic || actor.IsAdmin)).OrderBy(t => t.Id == idOrName ? 0 : 1).FirstOrDefaultAsync()
        ?? throw CloudError.NotFound($"Group type {idOrName} could not be found.");

    private static async Task<ILookup<string, GroupSpecRow>> Specs(Query q, IReadOnlyCollection<string> ids) =>
        (await q.Db<VolumeDb>().GroupSpecs.Where(s => ids.Contains(s.TypeId)).ToListAsync()).ToLookup(s => s.TypeId);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<VolumeDb>().GroupTypes.AsQueryable();
        if (!call.Actor.IsAdmin) rows = rows.Where(t => t.IsPublic);
        else if (call.QueryOr("is_public") is { } wish && !wish.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            var open = call.QueryFlag("is_public");
            rows = rows.Where(t => t.IsPublic == open);
        }
        var page = call.Page();
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(t => t.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no group type.");
        var sort = (call.QueryOr("sort") ?? $"{call.QueryOr("sort_key") ?? "created_at"}:{call.QueryOr("sort_dir") ?? "desc"}").Split(':');
        var key = sort[0] switch { "created_at" => nameof(GroupTypeRow.CreatedAt), "id" => nameof(GroupTypeRow.Id), "name" => nameof(GroupTypeRow.Name), var other => throw CloudError.Invalid($"Unknown sort key '{other}'. Possible are: created_at, id, name.") };
        var slice = await rows.Paged([new SortKey(key, sort.ElementAtOrDefault(1) != "asc")], page, mark);
        var specs = await Specs(q, [.. slice.Rows.Select(t => t.Id)]);
        var body = new JsonObject { ["group_types"] = new JsonArray([.. slice.Rows.Select(t => Wire(call, t, specs[t.Id]))]) };
        if (slice.More) body["group_type_links"] = call.NextLinks(slice.Rows[^1].Id);
        return Answer.Ok(body);
    }, call.Stop);

    private Task<Answer> ShowOne(Call call, Func<Query, Task<GroupTypeRow>> find) => database.Read(async q =>
    {
        var type = await find(q);
        return Answer.Ok(new JsonObject { ["group_type"] = Wire(call, type, (await Specs(q, [type.Id]))[type.Id]) });
    }, call.Stop);

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("group_type");
        var (name, description, open, specs) = (body.Text("name", 1), body.TextOr("description"), body.FlagOr("is_public") ?? true, body.MapOr("group_specs") ?? []);
        body.Done();
        Check(specs);
        return Answer.AcceptedWith(await database.Write(call.Actor, async tx =>
        {
            await Free(tx, name, null);
            var row = new GroupTypeRow { Id = Id.New(), Name = name, Description = description, IsPublic = open, CreatedAt = tx.Now };
            var rows = specs.Select(s => new GroupSpecRow { TypeId = row.Id, Name = s.Key, Value = s.Value }).ToList();
            tx.Db<VolumeDb>().Add(row);
            tx.Db<VolumeDb>().AddRange(rows);
            tx.Audit(call.Verb, "volume_group_type", row.Id, null, new { name });
            return new JsonObject { ["group_type"] = Wire(call, row, rows) };
        }, call.Stop));
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("group_type");
        var (name, hasDescription, description, open) = (body.TextOr("name", 1), body.Has("description"), body.TextOr("description"), body.FlagOr("is_public"));
        body.Done();
        if (name is null && !hasDescription && open is null) throw CloudError.Invalid("Specify group type name, description, is_public or a combination thereof.");
        await database.Write(call.Actor, async tx =>
        {
            var row = await Get(tx, call.Actor, call["id"]);
            if (name is not null) await Free(tx, name, row.Id);
            await tx.Db<VolumeDb>().GroupTypes.Where(t => t.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.Name, name ?? row.Name)
                .SetProperty(t => t.Description, hasDescription ? description : row.Description).SetProperty(t => t.IsPublic, open ?? row.IsPublic));
            tx.Audit(call.Verb, "volume_group_type", row.Id);
        }, call.Stop);
        return await ShowOne(call, q => Get(q, call.Actor, call["id"]));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Get(tx, call.Actor, call["id"]);
            if (row.Name == GroupTypeRow.DefaultName) throw CloudError.Invalid($"The group type {row.Name} is the default one and cannot be deleted.");
            if (await tx.Db<VolumeDb>().Groups.AnyAsync(g => g.TypeId == row.Id)) throw CloudError.Invalid("Target group type is still in use.");
            await tx.Db<VolumeDb>().GroupSpecs.Where(s => s.TypeId == row.Id).ExecuteDeleteAsync();
            await tx.Db<VolumeDb>().GroupTypes.Where(t => t.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_group_type", row.Id, null, new { row.Name });
        }, call.Stop);
        return Answer.Accepted;
    }

    private Task<Dictionary<string, string>> ReadSpecs(Call call) => database.Read(async q =>
    {
        var type = await Get(q, call.Actor, call["id"]);
        return (await Specs(q, [type.Id]))[type.Id].ToDictionary(s => s.Name, s => s.Value);
    }, call.Stop);

    private async Task<Answer> SetSpecs(Call call)
    {
        var body = await call.Body();
        var pairs = body.MapOr("group_specs") ?? throw CloudError.Invalid("'group_specs' is a required property.");
        body.Done();
        await Change(call, pairs.Keys, pairs);
        return Answer.AcceptedWith(new JsonObject { ["group_specs"] = VolumeWire.Map(pairs) });
    }

    private async Task<Answer> SetSpec(Call call)
    {
        var body = await call.Body();
        var value = body.Text(call["key"]);
        body.Done();
        await Change(call, [call["key"]], new Dictionary<string, string> { [call["key"]] = value });
        return Answer.Ok(new JsonObject { [call["key"]] = value });
    }

    private async Task<Answer> DeleteSpec(Call call)
    {
        if (!(await ReadSpecs(call)).ContainsKey(call["key"])) throw NoKey(call);
        await Change(call, [call["key"]], []);
        return Answer.Accepted;
    }

    private Task Change(Call call, IEnumerable<string> without, Dictionary<string, string> with)
    {
        Check(with);
        return database.Write(call.Actor, async tx =>
        {
            var (type, keys) = (await Get(tx, call.Actor, call["id"]), without.ToList());
            await tx.Db<VolumeDb>().GroupSpecs.Where(s => s.TypeId == type.Id && keys.Contains(s.Name)).ExecuteDeleteAsync();
            tx.Db<VolumeDb>().AddRange(with.Select(p => new GroupSpecRow { TypeId = type.Id, Name = p.Key, Value = p.Value }));
            tx.Audit(call.Verb, "volume_group_type", type.Id);
        }, call.Stop);
    }

    /// <summary>Each volume is copied at a moment of its own: one moment for all is not promised, so it cannot be asked for.</summary>
    private static void Check(IReadOnlyDictionary<string, string> specs)
    {
        if (specs.GetValueOrDefault(ConsistentSpec) is { } wish && wish.Contains("True", StringComparison.OrdinalIgnoreCase))
            throw CloudError.Invalid($"{ConsistentSpec} is not offered: the volumes of a group are copied one after the other, each as it is at one moment.");
    }

    private static async Task Free(Tx tx, string name, string? but)
    {
        if (await tx.Db<VolumeDb>().GroupTypes.AnyAsync(t => t.Name == name && t.Id != but)) throw CloudError.Conflict($"Group Type {name} already exists.");
    }

    private static CloudError NoKey(Call call) => CloudError.NotFound($"Group type {call["id"]} has no group specs with the key {call["key"]}.");

    private static JsonObject Wire(Call call, GroupTypeRow type, IEnumerable<GroupSpecRow> specs)
    {
        var body = new JsonObject { ["id"] = type.Id, ["name"] = type.Name, ["description"] = type.Description, ["is_public"] = type.IsPublic };
        if (call.Actor.IsAdmin) body["group_specs"] = VolumeWire.Map(specs.Select(s => KeyValuePair.Create(s.Name, s.Value)));
        return body;
    }
}
