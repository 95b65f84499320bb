using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Network.Agents;

/// <summary>Hosts by id and name, for what clients read and write as <c>binding:host_id</c>.</summary>
internal sealed class HostNames(IHosts hosts)
{
    public Task<IReadOnlyList<HostView>> All(Query q) => hosts.All(q);

    public async Task<IReadOnlyDictionary<string, string>> ById(Query q) => (await All(q)).ToDictionary(h => h.Id, h => h.Name);

    public async Task<HostView?> Find(Query q, string? id) => id is null ? null : await hosts.Find(q, id);

    /// <summary>The id of the host that a client named; empty = none.</summary>
    public async Task<string?> Wanted(Query q, string? name) => string.IsNullOrEmpty(name) ? null
        : (await All(q)).FirstOrDefault(h => h.Name == name || h.Id == name)?.Id
            ?? throw CloudError.Invalid($"Invalid input for operation: binding:host_id '{name}' is no host of this cloud.", "InvalidInput");
}
