using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>What a request says about how servers are written, taken from it once for a whole page.</summary>
internal sealed class Asked(Call call)
{
    private readonly Dictionary<(string, string), string> _hostIds = [];
    private readonly int _minor = call.Version.Minor;

    public string Root { get; } = call.Root;
    public bool IsAdmin { get; } = call.Actor.IsAdmin;

    public bool AtLeast(int minor) => _minor >= minor;

    /// <summary>A page has few hosts: each is hashed once.</summary>
    public string HostId(string projectId, string host)
    {
        if (!_hostIds.TryGetValue((projectId, host), out var id)) _hostIds[(projectId, host)] = id = ServerWire.HostId(projectId, host);
        return id;
    }
}
