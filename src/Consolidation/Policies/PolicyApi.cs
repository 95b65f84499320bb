using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Policies;

/// <summary>/xiangyun/v1/consolidation/policies: one for each cluster, and the default for all others. Operators only.</summary>
internal sealed class PolicyApi(Database database, PolicyStore policies, IHosts hosts) : IApi
{
    private const string One = "/consolidation/policies/{cluster}";

    public Service Service => ConsolidationModule.Service;

    public void Map(Routes r)
    {
        r.Get("/consolidation/policies", "consolidation:read", List);
        r.Get(One, "consolidation:read", call => database.Read(q => Body(q, call["cluster"]), call.Stop));
        r.Put(One, "consolidation:write", "consolidation_policy.set", Set);
        r.Delete(One, "consolidation:write", "consolidation_policy.delete", Delete);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var own = await q.Db<ConsolidationDb>().Policies.ToDictionaryAsync(p => p.Cluster);
        var names = own.Keys.Append(PolicyStore.Default).Concat((await hosts.All(q)).Select(h => h.Zone)).Distinct().OrderBy(n => n != PolicyStore.Default).ThenBy(n => n, StringComparer.Ordinal);
        return Answer.Ok(new JsonObject { ["policies"] = new JsonArray([.. names.Select(n => (JsonNode)Wire(n, own.GetValueOrDefault(n), own.GetValueOrDefault(PolicyStore.Default)))]) });
    }, call.Stop);

    private static JsonObject Wire(string cluster, PolicyRow? own, PolicyRow? otherwise)
    {
        var holds = own ?? otherwise;
        var wire = JsonSerializer.SerializeToNode(holds is null ? new Policy() : PolicyStore.Parse(holds.Body), Json.Options)!.AsObject();
        wire["cluster"] = cluster;
        wire["from"] = own is not null ? cluster : holds is not null ? PolicyStore.Default : null;
        (wire["updated_at"], wire["updated_by"]) = (Clock.Seconds(holds?.UpdatedAt), holds?.UpdatedBy);
        return wire;
    }

    private async Task<Answer> Body(Query q, string cluster)
    {
        await MustBe(q, cluster);
        var rows = await q.Db<ConsolidationDb>().Policies.Where(p => p.Cluster == cluster || p.Cluster == PolicyStore.Default).ToListAsync();
        return Answer.Ok(new JsonObject { ["policy"] = Wire(cluster, rows.Find(p => p.Cluster == cluster), rows.Find(p => p.Cluster == PolicyStore.Default)) });
    }

    private async Task MustBe(Query q, string cluster)
    {
        if (cluster != PolicyStore.Default && (await hosts.All(q)).All(h => h.Zone != cluster)) throw CloudError.NotFound($"There is no cluster {cluster}: a cluster is an availability zone with hosts, or '{PolicyStore.Default}' for all without a policy of their own.");
    }

    private async Task<Answer> Set(Call call)
    {
        var policy = Policy.Read(await call.Body("policy"));
        var cluster = call["cluster"];
        return await database.Write(call.Actor, async tx =>
        {
            await MustBe(tx, cluster);
            var (db, text) = (tx.Db<ConsolidationDb>(), PolicyStore.Text(policy));
            var before = await db.Policies.SingleOrDefaultAsync(p => p.Cluster == cluster);
            await db.Policies.Where(p => p.Cluster == cluster).ExecuteDeleteAsync();
            db.Add(new PolicyRow { Cluster = cluster, Body = text, Generation = (before?.Generation ?? 0) + 1, UpdatedAt = tx.Now, UpdatedBy = call.Actor.UserName });
            await tx.Save();
            tx.Audit(call.Verb, "consolidation_policy", cluster, null, policy);
            await Spread(tx);
            return await Body(tx, cluster);
        }, call.Stop);
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var cluster = call["cluster"];
            if (await tx.Db<ConsolidationDb>().Policies.Where(p => p.Cluster == cluster).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"The cluster {cluster} has no policy of its own.");
            tx.Audit(call.Verb, "consolidation_policy", cluster);
            await Spread(tx);
        }, call.Stop);
        return Answer.NoContent;
    }

    /// <summary>Ratios hold from this moment on, and each cluster is looked at anew.</summary>
    private async Task Spread(Tx tx)
    {
        foreach (var cluster in (await hosts.All(tx)).Select(h => h.Zone).Distinct().ToList())
        {
            await policies.Enforce(tx, cluster);
            tx.Wake(ConsolidationModule.ClusterWork, cluster);
        }
    }
}
