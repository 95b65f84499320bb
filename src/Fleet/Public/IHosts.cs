using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

public interface IHosts
{
    Task<IReadOnlyList<HostView>> All(Query q);
    Task<HostView?> Find(Query q, string hostId);

    /// <summary>Puts a host into another zone, or lets it take new servers or not (with the reason why not); null leaves as it is.</summary>
    Task Change(Tx tx, string hostId, string? zone = null, bool? enabled = null, string? reason = null);
}
