using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Evaluation;

/// <summary>Who runs where. Lists keep the order of arrival, because the published policies break ties by it.</summary>
internal sealed class World
{
    public World(HostShape[] hosts, VmShape[] vms)
    {
        (Hosts, Vms) = (hosts, vms);
        HostOf = new int[vms.Length];
        Array.Fill(HostOf, -1);
        On = [.. hosts.Select(_ => new List<int>())];
    }

    public HostShape[] Hosts { get; }
    public VmShape[] Vms { get; }
    public int[] HostOf { get; }
    public List<int>[] On { get; }

    public void Put(int vm, int host)
    {
        HostOf[vm] = host;
        On[host].Add(vm);
    }

    public void Take(int vm)
    {
        On[HostOf[vm]].Remove(vm);
        HostOf[vm] = -1;
    }
}
