using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Energy.Counting;

/// <summary>Whose a server is, remembered: with very many of them it is not asked each minute.</summary>
internal sealed class Holders(IAllocations allocations, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10), Short = TimeSpan.FromMinutes(1);
    private IReadOnlyDictionary<string, string> _projects = new Dictionary<string, string>();
    private DateTimeOffset _readAt;

    public async Task<IReadOnlyDictionary<string, string>> Of(Query q, IEnumerable<string> servers)
    {
        var age = clock.GetUtcNow() - _readAt;
        if (age < Short || age < Long && servers.All(_projects.ContainsKey)) return _projects;
        (_projects, _readAt) = (await allocations.Projects(q), clock.GetUtcNow());
        return _projects;
    }
}
