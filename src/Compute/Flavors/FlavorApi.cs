using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Flavors;

internal sealed partial class FlavorApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/flavors", "compute:get_flavors", call => List(call, FlavorWire.Short));
        r.Get("/flavors/detail", "compute:get_flavors", call => List(call, FlavorWire.Of));
        r.Get("/flavors/{id}", "compute:get_flavors", call => database.Read(async q => Answer.Ok(new JsonObject { ["flavor"] = FlavorWire.Of(await FlavorStore.Find(q, call.Actor, call["id"]), call) })));
        r.Post("/flavors", "compute:manage_flavors", "flavor.create", Create);
        r.Put("/flavors/{id}", "compute:manage_flavors", "flavor.update", Nova.Since(55, Describe));
        r.Delete("/flavors/{id}", "compute:manage_flavors", "flavor.delete", Delete);
        r.Get("/flavors/{id}/os-extra_specs", "compute:get_flavors", call => database.Read(async q => Answer.Ok(new JsonObject { ["extra_specs"] = JsonNode.Parse((await FlavorStore.Find(q, call.Actor, call["id"])).ExtraSpecs) })));
        r.Get("/flavors/{id}/os-extra_specs/{key}", "compute:get_flavors", OneSpec);
        r.Post("/flavors/{id}/os-extra_specs", "compute:manage_flavors", "flavor.update", async call => { var body = await call.Body(); var given = body.MapOr("extra_specs") ?? throw CloudError.Invalid("'extra_specs' is a required property."); body.Done(); return await SetSpecs(call, given); });
        r.Put("/flavors/{id}/os-extra_specs/{key}", "compute:manage_flavors", "flavor.update", async call => { var body = await call.Body(); var value = body.Text(call["key"]); body.Done(); await SetSpecs(call, new() { [call["key"]] = value }); return Answer.Ok(new JsonObject { [call["key"]] = value }); });
        r.Delete("/flavors/{id}/os-extra_specs/{key}", "compute:manage_flavors", "flavor.update", DeleteSpec);
        r.Get("/flavors/{id}/os-flavor-access", "compute:manage_flavors", call => database.Read(q => Access(q, call["id"])));
        r.Post("/flavors/{id}/action", "compute:manage_flavors", "flavor.access", SetAccess);
    }

    private Task<Answer> List(Call call, Func<FlavorRow, Call, JsonObject> wire) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 75, "limit", "marker", "is_public", "minRam", "minDisk", "sort_key", "sort_dir");
        var shown = Shown(call);
        var rows = FlavorStore.Visible(q, call.Actor, shown.All);
        if (call.Actor.IsAdmin && shown.Public is { } open) rows = rows.Where(f => f.IsPublic == open);
        if (Number(call, "minRam") is { } ram) rows = rows.Where(f => f.RamMib >= ram);
        if (Number(call, "minDisk") is { } disk) rows = rows.Where(f => f.DiskGib >= disk);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(f => f.Id == m) ?? throw Nova.BadMarker(m) : null;
        return Answer.Ok(Nova.List(call, "flavors", await rows.Paged([Sort(call)], page, mark), f => wire(f, call), f => f.Id));
    });

    /// <summary>Without is_public: public ones and those of the project. <c>none</c> is all of them.</summary>
    private static (bool All, bool? Public) Shown(Call call) => call.QueryOr("is_public")?.ToLowerInvariant() switch
    {
        null => (false, null), "none" => (true, null), "t" or "true" or "yes" or "on" or "1" => (true, true), "f" or "false" or "no" or "off" or "0" => (true, false),
        var other => throw CloudError.Invalid($"Invalid is_public filter [{(other.Length > 80 ? other[..80] : other)}]"),
    };

    private static SortKey Sort(Call call) => new(call.QueryOr("sort_key") switch
    {
        null or "flavorid" or "id" => "Id", "name" => "Name", "memory_mb" or "ram" => "RamMib", "vcpus" => "Vcpus", "root_gb" or "disk" => "DiskGib", "created_at" => "CreatedAt",
        var other => throw CloudError.Invalid($"Flavors cannot be sorted by '{other}'."),
    }, call.QueryOr("sort_dir") == "desc");

    private static long? Number(Call call, string name) => call.QueryOr(name) is not { } text ? null : long.TryParse(text, out var n) ? n : throw CloudError.Invalid($"Invalid {name} filter [{text}]");

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("flavor");
        var id = body.Raw("id") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : body.TextOr("id", 1);
        if (id is null or "auto") id = Id.New();
        if (!IdShape().IsMatch(id)) throw CloudError.Invalid($"Invalid input for field/attribute id. Value: {id}. It may have letters, digits, spaces, '.', '-' and '_', and must not begin or end with a space.");
        var name = body.Text("name", 1).Trim();
        if (name.Length == 0) throw CloudError.Invalid("Invalid input for field/attribute name: it must not be blank.");
        var row = new FlavorRow
        {
            Id = id, Name = name, Vcpus = (int)body.Number("vcpus", 1, int.MaxValue), RamMib = (int)body.Number("ram", 1, int.MaxValue), DiskGib = (int)body.Number("disk", 0, int.MaxValue),
            EphemeralGib = (int)(body.NumberOr("OS-FLV-EXT-DATA:ephemeral", 0, int.MaxValue) ?? 0), SwapMib = body.Raw("swap") is { ValueKind: JsonValueKind.String } swap && swap.GetString() == "" ? 0 : (int)(body.NumberOr("swap", 0, int.MaxValue) ?? 0),
            RxtxFactor = Factor(body), IsPublic = body.FlagOr("os-flavor-access:is_public") ?? true, Description = call.AtLeast(55) ? body.TextOr("description", 0, 65_535) : null,
        };
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            if (await tx.Db<ComputeDb>().Flavors.AnyAsync(f => f.Id == row.Id)) throw CloudError.Conflict($"Flavor with ID {row.Id} already exists.");
            if (await tx.Db<ComputeDb>().Flavors.AnyAsync(f => f.Name == row.Name)) throw CloudError.Conflict($"Flavor with name {row.Name} already exists.");
            tx.Db<ComputeDb>().Add(row);
            tx.Audit(call.Verb, "flavor", row.Id, null, new { row.Name, row.Vcpus, row.RamMib, row.DiskGib });
        });
        return Answer.Ok(new JsonObject { ["flavor"] = FlavorWire.Of(row, call) });
    }

    private static double Factor(Fields body)
    {
        if (body.Raw("rxtx_factor") is not { ValueKind: not JsonValueKind.Null } raw) return 1;
        return double.TryParse(raw.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var factor) && factor is > 0 and < 1e30 ? factor : throw CloudError.Invalid("Invalid input for field/attribute rxtx_factor. It must be a number above 0.");
    }

    /// <summary>Only the description of a flavor may change.</summary>
    private async Task<Answer> Describe(Call call)
    {
        var body = await call.Body("flavor");
        if (!body.Has("description")) throw CloudError.Invalid("'description' is a required property.");
        var text = body.TextOr("description", 0, 65_535);
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await FlavorStore.Find(tx, call.Actor, call["id"]);
            await tx.Db<ComputeDb>().Flavors.Where(f => f.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.Description, text));
            tx.Audit(call.Verb, "flavor", row.Id);
            return Answer.Ok(new JsonObject { ["flavor"] = FlavorWire.Of(await FlavorStore.Find(tx, call.Actor, row.Id), call) });
        });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await FlavorStore.Find(tx, call.Actor, call["id"]);
            await FlavorStore.Retire(tx, row);
            await tx.Db<ComputeDb>().FlavorAccess.Where(a => a.FlavorId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ComputeDb>().Flavors.Where(f => f.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "flavor", row.Id, null, new { row.Name });
        });
        return Answer.Accepted;
    }

    private Task<Answer> OneSpec(Call call) => database.Read(async q =>
    {
        var specs = JsonNode.Parse((await FlavorStore.Find(q, call.Actor, call["id"])).ExtraSpecs)!.AsObject();
        return specs[call["key"]] is { } value ? Answer.Ok(new JsonObject { [call["key"]] = value.DeepClone() }) : throw CloudError.NotFound($"Flavor {call["id"]} has no extra specs with key {call["key"]}.");
    });

    private async Task<Answer> SetSpecs(Call call, Dictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(k => !KeyShape().IsMatch(k)) is { } bad) throw CloudError.Invalid($"Key Names can only contain alphanumeric characters, periods, dashes, underscores, colons and spaces: '{bad}'.");
        if (call.AtLeast(86)) ExtraSpecs.Check(given);
        await ChangeSpecs(call, specs => { foreach (var (key, value) in given) specs[key] = value; });
        return Answer.Ok(new JsonObject { ["extra_specs"] = JsonSerializer.SerializeToNode(given) });
    }

    private async Task<Answer> DeleteSpec(Call call)
    {
        await ChangeSpecs(call, specs => { if (!specs.Remove(call["key"])) throw CloudError.NotFound($"Flavor {call["id"]} has no extra specs with key {call["key"]}."); });
        return new Answer(200);
    }

    private Task ChangeSpecs(Call call, Action<JsonObject> change) => database.Write(call.Actor, async tx =>
    {
        var row = await FlavorStore.Find(tx, call.Actor, call["id"]);
        var specs = JsonNode.Parse(row.ExtraSpecs)!.AsObject();
        change(specs);
        var text = specs.ToJsonString();
        await tx.Db<ComputeDb>().Flavors.Where(f => f.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.ExtraSpecs, text));
        tx.Audit(call.Verb, "flavor", row.Id);
    });

    private static async Task<Answer> Access(Query q, string id)
    {
        var row = await q.Db<ComputeDb>().Flavors.SingleOrDefaultAsync(f => f.Id == id) ?? throw CloudError.NotFound($"Flavor {id} could not be found.");
        if (row.IsPublic) throw CloudError.NotFound("Access list not available for public flavors.");
        return Answer.Ok(new JsonObject
        {
            ["flavor_access"] = new JsonArray([.. (await q.Db<ComputeDb>().FlavorAccess.Where(a => a.FlavorId == id).ToListAsync()).Select(a => new JsonObject { ["flavor_id"] = a.FlavorId, ["tenant_id"] = a.ProjectId })]),
        });
    }

    private async Task<Answer> SetAccess(Call call)
    {
        var body = await call.Body();
        var (add, take) = (body.ObjectOr("addTenantAccess"), body.ObjectOr("removeTenantAccess"));
        body.Done();
        var project = (add ?? take ?? throw CloudError.Invalid("The action must be addTenantAccess or removeTenantAccess.")).Text("tenant", 1);
        return await database.Write(call.Actor, async tx =>
        {
            var row = await FlavorStore.Find(tx, call.Actor, call["id"]);
            if (row.IsPublic) throw CloudError.Conflict("Can not add access to a public flavor.");
            var rows = tx.Db<ComputeDb>().FlavorAccess.Where(a => a.FlavorId == row.Id && a.ProjectId == project);
            if (add is not null)
            {
                if (await rows.AnyAsync()) throw CloudError.Conflict($"Flavor access already exists for flavor {row.Id} and project {project} combination.");
                tx.Db<ComputeDb>().Add(new FlavorAccessRow { FlavorId = row.Id, ProjectId = project });
                await tx.Save();
            }
            else if (await rows.ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"Flavor access not found for {row.Id} / {project} combination.");
            tx.Audit(call.Verb, "flavor", row.Id, project);
            return await Access(tx, row.Id);
        });
    }

    [GeneratedRegex(@"^[\w.\- ]{1,255}$(?<!^ .*|.* $)")]
    private static partial Regex IdShape();

    [GeneratedRegex(@"^[\w\-.: ]{1,255}$")]
    private static partial Regex KeyShape();
}
