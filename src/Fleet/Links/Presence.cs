using Xiangyun.Fleet.Public;

namespace Xiangyun.Fleet.Links;

/// <summary>
/// Remembers which hosts were told to answer. After a start every host is news once, so a host that fell silent while no
/// server ran is noticed too.
/// </summary>
internal sealed class Presence
{
    private Dictionary<string, bool> _told = [];

    public IReadOnlyList<HostView> News(IEnumerable<HostView> hosts) => [.. hosts.Where(h => !_told.TryGetValue(h.Id, out var alive) || alive != h.Alive)];

    public void Told(IEnumerable<HostView> hosts) => _told = hosts.ToDictionary(h => h.Id, h => h.Alive);
}
