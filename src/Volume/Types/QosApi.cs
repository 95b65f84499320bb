using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Types;

/// <summary>
/// QoS specs as an operator's notes: kept, shown and bound to types. No engine enforces them yet, and the pools say so
/// (<c>QoS_support</c> is false).
/// </summary>
internal sealed class QosApi(Database database) : IApi
{
    private static readonly string[] Consumers = ["front-end", "back-end", "both"];

    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/qos-specs", "volume:admin", List);
        routes.Get("/qos-specs/{id}", "volume:admin", Show);
        routes.Post("/qos-specs", "volume:admin", "volume_qos.create", Create);
        routes.Put("/qos-specs/{id}", "volume:admin", "volume_qos.set", Set);
        routes.Put("/qos-specs/{id}/delete_keys", "volume:admin", "volume_qos.unset", Unset);
        routes.Delete("/qos-specs/{id}", "volume:admin", "volume_qos.delete", Delete);
    }

    public static async Task<QosRow> Get(Query q, string id) =>
        await q.Db<VolumeDb>().Qos.SingleOrDefaultAsync(r => r.Id == id) ?? throw CloudError.NotFound($"QoS specs {id} could not be found.");

    private async Task<Answer> List(Call call)
    {
        var page = call.Page();
        return Answer.Ok(await database.Read(async q =>
        {
            var marker = page.Marker is null ? null : await Get(q, page.Marker);
            var slice = await q.Db<VolumeDb>().Qos.Paged([new SortKey(nameof(QosRow.CreatedAt), true)], page, marker);
            var ids = slice.Rows.Select(r => r.Id).ToList();
            var specs = (await q.Db<VolumeDb>().QosSpecs.Where(s => ids.Contains(s.QosId)).ToListAsync()).ToLookup(s => s.QosId);
            var body = new JsonObject { ["qos_specs"] = new JsonArray([.. slice.Rows.Select(r => Wire(r, specs[r.Id]))]) };
            if (slice.More && slice.Rows.Count > 0) body["qos_specs_links"] = call.NextLinks(slice.Rows[^1].Id);
            return body;
        }, call.Stop));
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var row = await Get(q, call["id"]);
        return Linked(call, row, await q.Db<VolumeDb>().QosSpecs.Where(s => s.QosId == row.Id).ToListAsync());
    }, call.Stop));

    private async Task<Answer> Create(Call call)
    {
        var pairs = await Pairs(call);
        if (!pairs.Remove("name", out var name) || string.IsNullOrWhiteSpace(name)) throw CloudError.Invalid("'name' is a required property of qos_specs and may not be blank.");
        var consumer = Consumer(pairs) ?? "back-end";
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            if (await tx.Db<VolumeDb>().Qos.AnyAsync(r => r.Name == name)) throw CloudError.Conflict($"QoS Specs {name} already exists.");
            var row = new QosRow { Id = Id.New(), Name = name, Consumer = consumer, CreatedAt = tx.Now };
            var specs = Rows(row.Id, pairs);
            tx.Db<VolumeDb>().Add(row);
            tx.Db<VolumeDb>().AddRange(specs);
            tx.Audit(call.Verb, "volume_qos", row.Id, null, new { name, consumer });
            return Linked(call, row, specs);
        }, call.Stop));
    }

    private async Task<Answer> Set(Call call)
    {
        var pairs = await Pairs(call);
        if (pairs.ContainsKey("name")) throw CloudError.Invalid("The name of QoS specs cannot be changed.");
        var answer = VolumeWire.Map(pairs);
        var consumer = Consumer(pairs);
        await database.Write(call.Actor, async tx =>
        {
            var (db, row, names) = (tx.Db<VolumeDb>(), await Get(tx, call["id"]), pairs.Keys.ToList());
            if (consumer is not null) await db.Qos.Where(r => r.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Consumer, consumer));
            await db.QosSpecs.Where(s => s.QosId == row.Id && names.Contains(s.Name)).ExecuteDeleteAsync();
            db.AddRange(Rows(row.Id, pairs));
            tx.Audit(call.Verb, "volume_qos", row.Id, null, pairs);
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["qos_specs"] = answer });
    }

    private async Task<Answer> Unset(Call call)
    {
        var body = await call.Body();
        var keys = body.TextsOr("keys") ?? throw CloudError.Invalid("'keys' is a required property.");
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var row = await Get(tx, call["id"]);
            var specs = tx.Db<VolumeDb>().QosSpecs.Where(s => s.QosId == row.Id && keys.Contains(s.Name));
            var there = await specs.Select(s => s.Name).ToListAsync();
            if (keys.FirstOrDefault(k => !there.Contains(k)) is { } missing) throw CloudError.Invalid($"QoS specs {row.Id} have no spec with key {missing}.");
            await specs.ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_qos", row.Id, null, new { keys });
        }, call.Stop);
        return Answer.Accepted;
    }

    private async Task<Answer> Delete(Call call)
    {
        var force = call.QueryFlag("force");
        await database.Write(call.Actor, async tx =>
        {
            var (db, row) = (tx.Db<VolumeDb>(), await Get(tx, call["id"]));
            if (!force && await db.TypeQos.AnyAsync(t => t.QosId == row.Id)) throw CloudError.Invalid($"QoS Specs {row.Id} is still associated with entities.");
            await db.TypeQos.Where(t => t.QosId == row.Id).ExecuteDeleteAsync();
            await db.QosSpecs.Where(s => s.QosId == row.Id).ExecuteDeleteAsync();
            await db.Qos.Where(r => r.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_qos", row.Id, null, new { row.Name });
        }, call.Stop);
        return Answer.Accepted;
    }

    private static async Task<Dictionary<string, string>> Pairs(Call call)
    {
        var body = await call.Body();
        var pairs = body.MapOr("qos_specs") ?? throw CloudError.Invalid("'qos_specs' is a required property.");
        body.Done();
        return pairs;
    }

    private static string? Consumer(Dictionary<string, string> pairs)
    {
        if (!pairs.Remove("consumer", out var consumer)) return null;
        return Consumers.Contains(consumer) ? consumer : throw CloudError.Invalid($"Invalid consumer of QoS specs: {consumer}. It is one of {string.Join(", ", Consumers)}.");
    }

    private static List<QosSpecRow> Rows(string id, Dictionary<string, string> pairs) => [.. pairs.Select(p => new QosSpecRow { QosId = id, Name = p.Key, Value = p.Value })];

    private static JsonObject Linked(Call call, QosRow row, IEnumerable<QosSpecRow> specs) => new()
    {
        ["qos_specs"] = Wire(row, specs),
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link($"/volume/v3/qos-specs/{row.Id}") }),
    };

    private static JsonObject Wire(QosRow row, IEnumerable<QosSpecRow> specs) => new()
    {
        ["id"] = row.Id, ["name"] = row.Name, ["consumer"] = row.Consumer, ["specs"] = VolumeWire.Map(specs.Select(s => KeyValuePair.Create(s.Name, s.Value))),
    };
}
