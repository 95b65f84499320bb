using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Packing;

/// <summary>
/// Where members of a group may stand. Affinity: all in one rack. Anti-affinity: no two on one host. Fault domains: members of different
/// domains never share a host.
/// </summary>
internal sealed class GroupRules(IReadOnlyList<Room> rooms)
{
    private readonly Dictionary<(Together, int), List<(int Host, int Domain)>> _members = [];

    public bool Allows(in Wish wish, int host)
    {
        if (wish.Rule == Together.Free || !_members.TryGetValue((wish.Rule, wish.Group), out var members)) return true;
        if (wish.Rule == Together.SameRack) return rooms[members[0].Host].Rack == rooms[host].Rack;
        foreach (var member in members)
            if (member.Host == host && (wish.Rule == Together.DifferentHosts || member.Domain != wish.Domain)) return false;
        return true;
    }

    public bool Begins(in Wish wish) => wish.Rule == Together.SameRack && !_members.ContainsKey((wish.Rule, wish.Group));

    public void Joined(in Wish wish, int host)
    {
        if (wish.Rule == Together.Free) return;
        if (!_members.TryGetValue((wish.Rule, wish.Group), out var members)) _members[(wish.Rule, wish.Group)] = members = [];
        members.Add((host, wish.Domain));
    }
}
