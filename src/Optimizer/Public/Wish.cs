namespace Xiangyun.Optimizer.Public;

/// <summary>What binds a request to others of its group.</summary>
public enum Together { Free, SameRack, DifferentHosts, FaultDomains }

/// <summary>A request to be placed now: it spans one NUMA node or, half on each, two.</summary>
public readonly record struct Wish(int Cores, int RamGb, int Nodes, Together Rule, int Group, int Domain);

/// <summary>Free room on a host's two NUMA nodes.</summary>
public sealed class Room(int rack, int cores0, int ram0, int cores1, int ram1)
{
    public int Rack => rack;
    public int Cores0 { get; private set; } = cores0;
    public int Ram0 { get; private set; } = ram0;
    public int Cores1 { get; private set; } = cores1;
    public int Ram1 { get; private set; } = ram1;

    public bool Fits(int cores, int ram, int nodes) => nodes == 2
        ? Cores0 >= cores / 2 && Cores1 >= cores / 2 && Ram0 >= ram / 2 && Ram1 >= ram / 2
        : (Cores0 >= cores && Ram0 >= ram) || (Cores1 >= cores && Ram1 >= ram);

    /// <summary>How many of a kind the free room would hold.</summary>
    public int Count(int cores, int ram, int nodes) => nodes == 2
        ? Math.Min(Math.Min(Cores0 * 2 / cores, Ram0 * 2 / ram), Math.Min(Cores1 * 2 / cores, Ram1 * 2 / ram))
        : Math.Min(Cores0 / cores, Ram0 / ram) + Math.Min(Cores1 / cores, Ram1 / ram);

    /// <summary>A request of one node takes that one where less memory is left over.</summary>
    public int Node(int cores, int ram)
    {
        var (first, second) = (Cores0 >= cores && Ram0 >= ram, Cores1 >= cores && Ram1 >= ram);
        return first && (!second || Ram0 <= Ram1) ? 0 : 1;
    }

    /// <summary>Sign -1 gives it back.</summary>
    public void Take(int cores, int ram, int nodes, int node, int sign = 1)
    {
        if (nodes == 2)
        {
            (Cores0, Ram0, Cores1, Ram1) = (Cores0 - sign * cores / 2, Ram0 - sign * ram / 2, Cores1 - sign * cores / 2, Ram1 - sign * ram / 2);
            return;
        }
        if (node == 0) (Cores0, Ram0) = (Cores0 - sign * cores, Ram0 - sign * ram);
        else (Cores1, Ram1) = (Cores1 - sign * cores, Ram1 - sign * ram);
    }
}
