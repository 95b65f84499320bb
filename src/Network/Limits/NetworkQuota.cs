using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Network.Limits;

/// <summary>How many of each resource a project may have, and how many it has.</summary>
internal static class NetworkQuota
{
    public static readonly IReadOnlyDictionary<string, long> Defaults = new SortedDictionary<string, long>(StringComparer.Ordinal)
    {
        ["network"] = 100, ["subnet"] = 100, ["port"] = 500, ["router"] = 10, ["floatingip"] = 50, ["security_group"] = 10, ["security_group_rule"] = 100,
    };

    /// <summary>Refuses one more, or so much more of the exit. Ports that the cloud itself needs (<paramref name="projectId"/> empty) are not counted.</summary>
    public static async Task Take(Tx tx, string projectId, string resource, long bandwidth = 0)
    {
        if (projectId.Length == 0) return;
        await Quotas.MustHaveRoom(tx, projectId, ("network." + resource, 1), (ExitBandwidth.Resource, bandwidth));
        await tx.Lock("quota:" + projectId);
        var limit = await Quotas.Limit(tx, projectId, "network." + resource, Defaults[resource]);
        if (limit >= 0 && await Used(tx, projectId, resource) >= limit)
            throw CloudError.OverLimit($"Quota exceeded for resources: ['{resource}']. The limit is {limit}: delete what is not needed or ask for a larger quota.", "OverQuota");
        await ExitBandwidth.MustBeWithin(tx, projectId, bandwidth);
    }

    public static Task<int> Used(Query q, string projectId, string resource)
    {
        var db = q.Db<NetworkDb>();
        return resource switch
        {
            "network" => Count(db.Networks, projectId),
            "subnet" => Count(db.Subnets, projectId),
            "port" => Count(db.Ports, projectId),
            "router" => Count(db.Routers, projectId),
            "floatingip" => Count(db.FloatingIps, projectId),
            "security_group" => Count(db.Groups, projectId),
            _ => Count(db.Rules, projectId),
        };
    }

    private static Task<int> Count<T>(IQueryable<T> rows, string projectId) where T : ResourceRow => rows.CountAsync(r => r.ProjectId == projectId);
}
