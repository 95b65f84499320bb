using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Members;

namespace Xiangyun.Network.FloatingIps;

/// <summary>Floating IPs as parts of something larger; one that leads nowhere exposes nothing.</summary>
internal sealed class FloatingIpMembers : IMembers
{
    public string Kind => "floating_ip";

    public async Task<IReadOnlyList<Member>> Of(Query q, IReadOnlyCollection<string> ids) =>
        [.. (await q.Db<NetworkDb>().FloatingIps.Where(f => ids.Contains(f.Id)).OrderBy(f => f.Id).ToListAsync())
            .Select(f => new Member(Kind, f.Id, f.Ip, f.ProjectId, f.Status, f.Status == "ACTIVE") { Exposed = f.RouterId is null ? [] : [f.Ip] })];
}
