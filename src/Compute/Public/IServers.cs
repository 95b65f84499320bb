using Xiangyun.Store;

namespace Xiangyun.Compute.Public;

/// <summary>A server that has a host, as those see it who move servers about. It is moved through the Nova API only.</summary>
/// <param name="Status">Nova's word: ACTIVE, MIGRATING, ERROR ...</param>
/// <param name="Fault">What is wrong with it, in words.</param>
/// <param name="Stays">Why it cannot be moved while it runs, in words; null when it can.</param>
public sealed record PlacedServer(string Id, string Name, string ProjectId, string HostId, int Vcpus, int RamMib, int DiskGib, string Status, string? TaskState, string? Fault, string? Stays);

/// <param name="Apart">Members keep apart (else: together).</param>
/// <param name="Most">Members that may share a host when they keep apart.</param>
public sealed record PlacedGroup(string Name, bool Apart, int Most, IReadOnlyList<string> ServerIds);

public interface IServers
{
    /// <summary>All servers that have a host.</summary>
    Task<IReadOnlyList<PlacedServer>> Placed(Query q);

    Task<PlacedServer?> Find(Query q, string id);

    Task<IReadOnlyList<PlacedGroup>> Groups(Query q);

    /// <summary>Hosts that are kept for some projects (metadata filter_tenant_id of an aggregate, as in Nova): host id to project ids.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Dedicated(Query q);
}
