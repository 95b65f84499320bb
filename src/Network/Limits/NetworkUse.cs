using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Network.Limits;

/// <summary>Floating IPs in use, for the quotas that organisations divide.</summary>
internal sealed class NetworkUse : IQuotaUse
{
    public const string FloatingIps = "network.floatingip";

    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { [FloatingIps] = "addresses" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects) => q.Db<NetworkDb>().FloatingIps.LongCountAsync(f => projects.Contains(f.ProjectId));
}
