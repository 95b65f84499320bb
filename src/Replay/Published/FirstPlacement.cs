using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Published;

/// <summary>Where VMs are before anything is known of them but their flavour.</summary>
internal static class FirstPlacement
{
    /// <summary>CloudSim's: each VM to the host whose power rises least, against a base that is not updated while it places.</summary>
    public static void Spread(World world)
    {
        var (mips, ram) = (new double[world.Hosts.Length], new double[world.Hosts.Length]);
        for (var vm = 0; vm < world.Vms.Length; vm++)
        {
            var (best, least, shape) = (-1, double.MaxValue, world.Vms[vm]);
            for (var host = 0; host < mips.Length; host++)
            {
                var h = world.Hosts[host];
                if (h.CoreMips < shape.Mips || mips[host] + shape.Mips > h.Mips || ram[host] + shape.RamMb > h.RamMb) continue;
                var adds = h.WattsAt((mips[host] + shape.Mips) / h.Mips) - h.WattsAt(0);
                if (adds < least) (best, least) = (host, adds);
            }
            if (best < 0) throw new WrongUse($"the estate is too small: VM {vm} of {world.Vms.Length} fits on no host");
            (mips[best], ram[best]) = (mips[best] + shape.Mips, ram[best] + shape.RamMb);
            world.Put(vm, best);
        }
    }

    /// <summary>Ours: as dense as flavours allow, on the hosts that give most for their power.</summary>
    public static void Dense(World world)
    {
        var (mips, ram) = (new double[world.Hosts.Length], new double[world.Hosts.Length]);
        var order = Enumerable.Range(0, mips.Length).OrderByDescending(h => world.Hosts[h].Mips / world.Hosts[h].WattsAt(1)).ToArray();
        foreach (var vm in Enumerable.Range(0, world.Vms.Length).OrderByDescending(v => world.Vms[v].Mips))
        {
            var shape = world.Vms[vm];
            var host = order.FirstOrDefault(h => mips[h] + shape.Mips <= world.Hosts[h].Mips && ram[h] + shape.RamMb <= world.Hosts[h].RamMb, -1);
            if (host < 0) throw new WrongUse($"the estate is too small: VM {vm} of {world.Vms.Length} fits on no host");
            (mips[host], ram[host]) = (mips[host] + shape.Mips, ram[host] + shape.RamMb);
            world.Put(vm, host);
        }
    }
}
