using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

/// <summary>The pairs that users give a volume.</summary>
internal sealed class MetadataApi(Database database) : IApi
{
    private const int Most = 128;

    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/volumes/{id}/metadata", "volume:read", Show);
        routes.Post("/volumes/{id}/metadata", "volume:write", "volume.metadata.add", call => Change(call, whole: false));
        routes.Put("/volumes/{id}/metadata", "volume:write", "volume.metadata.set", call => Change(call, whole: true));
        routes.Get("/volumes/{id}/metadata/{key}", "volume:read", ShowOne);
        routes.Put("/volumes/{id}/metadata/{key}", "volume:write", "volume.metadata.set", ChangeOne);
        routes.Delete("/volumes/{id}/metadata/{key}", "volume:write", "volume.metadata.remove", Delete);
    }

    private Task<FullVolume> Volume(Call call)
    {
        VolumeService.Check(call);
        return database.Read(q => VolumeStore.Get(q, call.Actor, call["id"]), call.Stop);
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(new JsonObject { ["metadata"] = VolumeWire.Map((await Volume(call)).Metadata) });

    private async Task<Answer> ShowOne(Call call)
    {
        var value = (await Volume(call)).Metadata.GetValueOrDefault(call["key"]) ?? throw NoKey(call);
        return Answer.Ok(new JsonObject { ["meta"] = new JsonObject { [call["key"]] = value } });
    }

    private async Task<Answer> Change(Call call, bool whole)
    {
        var body = await call.Body();
        var pairs = body.MapOr("metadata") ?? throw CloudError.Invalid("'metadata' is a required property.");
        body.Done();
        var all = await Write(call, old => whole ? pairs : Merge(old, pairs));
        return Answer.Ok(new JsonObject { ["metadata"] = VolumeWire.Map(all) });
    }

    private async Task<Answer> ChangeOne(Call call)
    {
        var body = await call.Body();
        var pairs = body.MapOr("meta") ?? throw CloudError.Invalid("'meta' is a required property.");
        body.Done();
        if (pairs.Count != 1 || !pairs.ContainsKey(call["key"])) throw CloudError.Invalid("Request body and URI mismatch: the body must hold exactly the one pair that the path names.");
        await Write(call, old => Merge(old, pairs));
        return Answer.Ok(new JsonObject { ["meta"] = VolumeWire.Map(pairs) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await Write(call, old => old.ContainsKey(call["key"]) ? old.Where(p => p.Key != call["key"]).ToDictionary() : throw NoKey(call));
        return new Answer(200);
    }

    private Task<Dictionary<string, string>> Write(Call call, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> change)
    {
        VolumeService.Check(call);
        return database.Write(call.Actor, async tx =>
        {
            var volume = await VolumeStore.Get(tx, call.Actor, call["id"]);
            var pairs = change(volume.Metadata);
            await Replace(tx, volume.Row.Id, MetadataRow.User, pairs);
            tx.Audit(call.Verb, "volume", volume.Row.Id, volume.Row.ProjectId);
            return pairs;
        }, call.Stop);
    }

    internal static async Task Replace(Tx tx, string id, string kind, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count > Most) throw CloudError.OverLimit($"A volume may have at most {Most} metadata pairs, not {pairs.Count}.");
        await tx.Db<VolumeDb>().Metadata.Where(m => m.VolumeId == id && m.Kind == kind).ExecuteDeleteAsync();
        VolumeStore.AddPairs(tx, id, kind, pairs);
        await tx.Save();
    }

    internal static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> pairs)
    {
        var all = new Dictionary<string, string>(old);
        foreach (var (key, value) in pairs) all[key] = value;
        return all;
    }

    private static CloudError NoKey(Call call) => CloudError.NotFound($"Metadata item '{call["key"]}' of volume {call["id"]} was not found.");
}
