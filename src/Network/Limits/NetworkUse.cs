using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Network.Limits;

/// <summary>Floating IPs in use and what they may carry, for the quotas that organisations divide.</summary>
internal sealed class NetworkUse : IQuotaUse
{
    public const string FloatingIps = "network.floatingip";

    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { [FloatingIps] = "addresses", [ExitBandwidth.Resource] = "Mbit/s" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects) => resource == ExitBandwidth.Resource ? ExitBandwidth.Used(q, projects) : q.Db<NetworkDb>().FloatingIps.LongCountAsync(f => projects.Contains(f.ProjectId));

    public async Task<string?> Boundless(Query q, string resource, IReadOnlyCollection<string> projects) =>
        resource == ExitBandwidth.Resource && await ExitBandwidth.Unlimited(q, projects) is { Count: > 0 } free
            ? $"{free.Count} floating IP(s) there have no bandwidth limit ({string.Join(", ", free.Take(3))}{(free.Count > 3 ? ", ..." : "")}). Let them follow a QoS policy that limits both directions first." : null;
}
