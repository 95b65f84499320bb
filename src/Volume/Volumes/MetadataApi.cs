using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

/// <summary>The pairs that users give a volume or a snapshot.</summary>
internal sealed class MetadataApi(Database database) : IApi
{
    private const int Most = 128;

    public Service Service => VolumeService.Service;

    private delegate Task<FullVolume> Get(Query q, Actor actor, string id);

    public void Map(Routes routes)
    {
        Map(routes, "/volumes", "volume", VolumeStore.Get);
        Map(routes, "/snapshots", "snapshot", SnapshotStore.Get);
    }

    private void Map(Routes routes, string path, string what, Get get)
    {
        path += "/{id}/metadata";
        routes.Get(path, "volume:read", call => Show(call, get));
        routes.Post(path, "volume:write", what + ".metadata.add", call => Change(call, get, whole: false));
        routes.Put(path, "volume:write", what + ".metadata.set", call => Change(call, get, whole: true));
        routes.Get(path + "/{key}", "volume:read", call => ShowOne(call, get));
        routes.Put(path + "/{key}", "volume:write", what + ".metadata.set", call => ChangeOne(call, get));
        routes.Delete(path + "/{key}", "volume:write", what + ".metadata.remove", call => Delete(call, get));
    }

    private async Task<IReadOnlyDictionary<string, string>> Read(Call call, Get get)
    {
        VolumeService.Check(call);
        return (await database.Read(q => get(q, call.Actor, call["id"]), call.Stop)).Metadata;
    }

    private async Task<Answer> Show(Call call, Get get)
    {
        var pairs = await Read(call, get);
        var answer = Answer.Ok(new JsonObject { ["metadata"] = VolumeWire.Map(pairs) });
        return call.AtLeast(15) ? answer.With("ETag", Tag(pairs)) : answer;
    }

    /// <summary>From 3.15 on a client can say which metadata it has seen; if others wrote meanwhile it is told so, instead of overwriting them.</summary>
    private static string Tag(IReadOnlyDictionary<string, string> pairs) => $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(VolumeWire.Map(pairs).ToJsonString())))[..32]}\"";

    private async Task<Answer> ShowOne(Call call, Get get)
    {
        var value = (await Read(call, get)).GetValueOrDefault(call["key"]) ?? throw NoKey(call);
        return Answer.Ok(new JsonObject { ["meta"] = new JsonObject { [call["key"]] = value } });
    }

    private async Task<Answer> Change(Call call, Get get, bool whole)
    {
        var body = await call.Body();
        var pairs = body.MapOr("metadata") ?? throw CloudError.Invalid("'metadata' is a required property.");
        body.Done();
        var all = await Write(call, get, old => whole ? pairs : Merge(old, pairs));
        return Answer.Ok(new JsonObject { ["metadata"] = VolumeWire.Map(all) });
    }

    private async Task<Answer> ChangeOne(Call call, Get get)
    {
        var body = await call.Body();
        var pairs = body.MapOr("meta") ?? throw CloudError.Invalid("'meta' is a required property.");
        body.Done();
        if (pairs.Count != 1 || !pairs.ContainsKey(call["key"])) throw CloudError.Invalid("Request body and URI mismatch: the body must hold exactly the one pair that the path names.");
        await Write(call, get, old => Merge(old, pairs));
        return Answer.Ok(new JsonObject { ["meta"] = VolumeWire.Map(pairs) });
    }

    private async Task<Answer> Delete(Call call, Get get)
    {
        await Write(call, get, old => old.ContainsKey(call["key"]) ? old.Where(p => p.Key != call["key"]).ToDictionary() : throw NoKey(call));
        return new Answer(200);
    }

    private Task<Dictionary<string, string>> Write(Call call, Get get, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> change)
    {
        VolumeService.Check(call);
        return database.Write(call.Actor, async tx =>
        {
            var holder = await get(tx, call.Actor, call["id"]);
            if (call.AtLeast(15) && call.Http.Request.Headers.IfMatch.ToString() is { Length: > 0 } seen && seen != "*" && seen != Tag(holder.Metadata))
                throw new CloudError(ErrorKind.Conflict, $"The metadata of {holder.Row.Id} was changed since it was read: read it again.") { Status = 412 };
            var pairs = change(holder.Metadata);
            await Replace(tx, holder.Row.Id, MetadataRow.User, pairs);
            tx.Audit(call.Verb, call.Verb.Split('.')[0], holder.Row.Id, holder.Row.ProjectId);
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

    private static CloudError NoKey(Call call) => CloudError.NotFound($"Metadata item '{call["key"]}' of {call["id"]} was not found.");
}
