using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Numbers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Aggregates;

internal sealed class AggregateApi(Database database, IHosts hosts, AggregateHosts members) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string rule = "compute:manage_aggregates", one = "/os-aggregates/{id}";
        r.Get("/os-aggregates", rule, List);
        r.Post("/os-aggregates", rule, "aggregate.create", Create);
        r.Get(one, rule, call => database.Read(async q => Answer.Ok(await Shown(q, await AggregateHosts.Find(q, call["id"]), call))));
        r.Put(one, rule, "aggregate.update", Update);
        r.Delete(one, rule, "aggregate.delete", Delete);
        r.Post(one + "/action", rule, "aggregate.action", Act);
        r.Post(one + "/images", rule, "aggregate.cache_images", Nova.Since(81, _ => throw CloudError.Invalid("Images are not fetched before a server needs them: this cloud does not offer it.")));
    }

    private static JsonObject Wire(AggregateRow a, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = a.Id, ["name"] = a.Name, ["availability_zone"] = a.Zone, ["created_at"] = Clock.Micros(a.CreatedAt), ["updated_at"] = Clock.Micros(a.UpdatedAt), ["deleted"] = false, ["deleted_at"] = null,
        };
        if (call.AtLeast(41)) body["uuid"] = a.LongId;
        return body;
    }

    private static JsonObject Full(AggregateRow a, IEnumerable<string> hosts, Call call)
    {
        var (body, metadata) = (Wire(a, call), JsonNode.Parse(a.Metadata)!.AsObject());
        if (a.Zone is not null) metadata["availability_zone"] = a.Zone;
        (body["hosts"], body["metadata"]) = (new JsonArray([.. hosts.Select(h => (JsonNode)h)]), metadata);
        return body;
    }

    private async Task<JsonObject> Shown(Query q, AggregateRow row, Call call) => new() { ["aggregate"] = Full(row, (await Names(q))[row.Id], call) };

    private async Task<ILookup<long, string>> Names(Query q)
    {
        var all = (await hosts.All(q)).ToDictionary(h => h.Id, h => h.Name);
        return (await q.Db<ComputeDb>().AggregateHosts.ToListAsync()).Where(m => all.ContainsKey(m.HostId)).ToLookup(m => m.AggregateId, m => all[m.HostId]);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var names = await Names(q);
        var rows = await q.Db<ComputeDb>().Aggregates.OrderBy(a => a.Id).ToListAsync();
        return Answer.Ok(new JsonObject { ["aggregates"] = new JsonArray([.. rows.Select(a => Full(a, names[a.Id], call))]) });
    });

    private static string? Name(Fields body) => body.TextOr("name", 1) is not { } name ? null : name.Trim().Length > 0 ? name.Trim() : throw CloudError.Invalid("Invalid input for field/attribute name. It must not be blank.");

    internal static string? Zone(Fields body)
    {
        var zone = body.TextOr("availability_zone", 1);
        return zone is null || !zone.Contains(':') ? zone : throw CloudError.Invalid("Invalid input for field/attribute availability_zone. It must not contain ':'.");
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("aggregate");
        var (name, zone) = (Name(body) ?? throw CloudError.Invalid("'name' is a required property."), Zone(body));
        body.Done();
        var row = await database.Write(call.Actor, async tx =>
        {
            await MustBeNew(tx, name, -1);
            var made = new AggregateRow { Id = await NumberRow.Next(tx, "aggregate"), LongId = Id.New(), Name = name, Zone = zone, CreatedAt = tx.Now };
            tx.Db<ComputeDb>().Add(made);
            tx.Audit(call.Verb, "aggregate", made.LongId, null, new { name, zone });
            return made;
        });
        return Answer.Ok(new JsonObject { ["aggregate"] = Wire(row, call) });
    }

    private static async Task MustBeNew(Tx tx, string name, long but)
    {
        if (await tx.Db<ComputeDb>().Aggregates.AnyAsync(a => a.Name == name && a.Id != but)) throw CloudError.Conflict($"Aggregate {name} already exists.");
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("aggregate");
        var (name, zone) = (Name(body), Zone(body));
        var clears = body.IsNull("availability_zone");
        body.Done();
        if (name is null && zone is null && !clears) throw CloudError.Invalid("Invalid input: name or availability_zone must be given.");
        return await database.Write(call.Actor, async tx =>
        {
            var row = await AggregateHosts.Find(tx, call["id"]);
            if (name is not null) await MustBeNew(tx, name, row.Id);
            await tx.Db<ComputeDb>().Aggregates.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Name, name ?? row.Name).SetProperty(a => a.UpdatedAt, tx.Now));
            if (zone is not null || clears) await members.Move(tx, row, zone);
            tx.Audit(call.Verb, "aggregate", row.LongId, null, new { name, zone });
            return Answer.Ok(await Shown(tx, await AggregateHosts.Find(tx, call["id"]), call));
        });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await AggregateHosts.Find(tx, call["id"]);
            if (await tx.Db<ComputeDb>().AggregateHosts.AnyAsync(m => m.AggregateId == row.Id)) throw CloudError.Invalid($"Cannot delete aggregate {row.Name}: it is not empty. Remove its hosts first.");
            await tx.Db<ComputeDb>().Aggregates.Where(a => a.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "aggregate", row.LongId, null, new { row.Name });
        });
        return new Answer(200);
    }

    private async Task<Answer> Act(Call call)
    {
        var body = await call.Body();
        var (add, take, set) = (body.ObjectOr("add_host"), body.ObjectOr("remove_host"), body.ObjectOr("set_metadata"));
        body.Done();
        var host = (add ?? take)?.Text("host", 1);
        (add ?? take)?.Done();
        if ((add is null ? 0 : 1) + (take is null ? 0 : 1) + (set is null ? 0 : 1) != 1) throw CloudError.Invalid("The action must be one of: add_host, remove_host, set_metadata.");
        return await database.Write(call.Actor, async tx =>
        {
            var row = await AggregateHosts.Find(tx, call["id"]);
            if (add is not null) await members.Add(tx, row, host!);
            else if (take is not null) await members.Remove(tx, row, host!);
            else await SetMetadata(tx, row, set!);
            await tx.Db<ComputeDb>().Aggregates.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "aggregate", row.LongId, null, new { action = body.Names.First(), host });
            return Answer.Ok(await Shown(tx, await AggregateHosts.Find(tx, call["id"]), call));
        });
    }

    /// <summary>Adds to what is there; null takes a key away, and availability_zone is the zone.</summary>
    private async Task SetMetadata(Tx tx, AggregateRow row, Fields set)
    {
        var given = set.Object("metadata");
        set.Done();
        var metadata = JsonSerializer.Deserialize<SortedDictionary<string, string>>(row.Metadata)!;
        foreach (var key in given.Names.ToList())
        {
            if (key.Length is 0 or > 255) throw CloudError.Invalid("Invalid input for field/attribute metadata: names must be 1 to 255 characters long.");
            var value = given.TextOr(key);
            if (key == "availability_zone") await members.Move(tx, row, Zone(given));
            else if (value is null) metadata.Remove(key);
            else metadata[key] = value;
        }
        var text = JsonSerializer.Serialize(metadata);
        await tx.Db<ComputeDb>().Aggregates.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Metadata, text));
    }
}
