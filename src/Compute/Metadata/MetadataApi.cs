using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Quotas;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Metadata;

internal sealed class MetadataApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string all = "/servers/{id}/metadata", one = all + "/{key}";
        r.Get(all, "compute:read", call => database.Read(async q => All(JsonNode.Parse((await ServerStore.Find(q, call.Actor, call["id"])).Metadata)!)));
        r.Put(all, "compute:write", "server.metadata", async call => { var given = await Given(call); return All(await Change(call, m => { m.Clear(); Merge(m, given); })); });
        r.Post(all, "compute:write", "server.metadata", async call => { var given = await Given(call); return All(await Change(call, m => Merge(m, given))); });
        r.Get(one, "compute:read", call => database.Read(async q => One(call["key"], JsonNode.Parse((await ServerStore.Find(q, call.Actor, call["id"])).Metadata)!.AsObject())));
        r.Put(one, "compute:write", "server.metadata", SetOne);
        r.Delete(one, "compute:write", "server.metadata", async call => { await Change(call, m => { if (!m.Remove(call["key"])) throw Missing(); }); return Answer.NoContent; });
    }

    private static CloudError Missing() => CloudError.NotFound("Metadata item was not found");

    private static Answer All(JsonNode metadata) => Answer.Ok(new JsonObject { ["metadata"] = metadata });

    private static Answer One(string key, JsonObject metadata) => metadata[key] is { } value ? Answer.Ok(new JsonObject { ["meta"] = new JsonObject { [key] = value.DeepClone() } }) : throw Missing();

    private static async Task<Dictionary<string, string>> Given(Call call)
    {
        var body = await call.Body();
        var given = body.MapOr("metadata") ?? throw CloudError.Invalid("'metadata' is a required property.");
        body.Done();
        return given;
    }

    private async Task<Answer> SetOne(Call call)
    {
        var body = await call.Body();
        var given = body.MapOr("meta") ?? throw CloudError.Invalid("'meta' is a required property.");
        body.Done();
        if (given.Count != 1) throw CloudError.Invalid("Request body contains too many or too few items");
        if (!given.ContainsKey(call["key"])) throw CloudError.Invalid("Request body and URI mismatch");
        return One(call["key"], await Change(call, m => Merge(m, given)));
    }

    private static void Merge(JsonObject into, Dictionary<string, string> given)
    {
        foreach (var (key, value) in given) into[key] = value;
    }

    private Task<JsonObject> Change(Call call, Action<JsonObject> change) => database.Write(call.Actor, async tx =>
    {
        var row = await ServerStore.ForChange(tx, call["id"]);
        var metadata = JsonNode.Parse(row.Metadata)!.AsObject();
        change(metadata);
        var limit = (await ComputeQuota.Limits(tx, row.ProjectId))["metadata_items"];
        if (limit >= 0 && metadata.Count > limit) throw CloudError.OverLimit($"Maximum number of metadata items exceeds {limit}: Quota exceeded.");
        var text = metadata.ToJsonString();
        await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Metadata, text).SetProperty(x => x.UpdatedAt, tx.Now));
        tx.Audit(call.Verb, "server", row.Id, row.ProjectId);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
        return metadata;
    });
}
