using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Store.Members;

namespace Xiangyun.Compute.Servers;

/// <summary>Servers as parts of something larger.</summary>
internal sealed class ServerMembers(IPorts ports) : IMembers
{
    public string Kind => "server";

    public async Task<IReadOnlyList<Member>> Of(Query q, IReadOnlyCollection<string> ids)
    {
        var rows = await q.Db<ComputeDb>().Servers.Where(s => ids.Contains(s.Id) && s.Want != Power.Gone && s.DeletedAt == null).OrderBy(s => s.Id).ToListAsync();
        if (rows.Count == 0) return [];
        var addresses = await ports.ShownOn(q, [.. rows.Select(r => r.Id)]);
        return [.. rows.Select(r =>
        {
            var status = ServerStatus.Of(r).Status;
            return new Member(Kind, r.Id, r.Name, r.ProjectId, status, status == "ACTIVE") { Exposed = [.. addresses[r.Id].SelectMany(p => p.FloatingIps)] };
        })];
    }
}
