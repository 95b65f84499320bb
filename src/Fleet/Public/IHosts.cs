using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

public interface IHosts
{
    Task<IReadOnlyList<HostView>> All(Query q);
    Task<HostView?> Find(Query q, string hostId);
}
