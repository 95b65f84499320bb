using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Published;

/// <summary>
/// Best fit decreasing by the power it adds. As in CloudSim the base of "adds" is the use before the round, so a host that was just given a VM looks dear.
/// </summary>
internal sealed class PowerAwareFit(World world, Book book, Detector overloaded)
{
    /// <summary>The hosts that took them; null and nothing changed when all had to fit and one did not.</summary>
    public IReadOnlyCollection<int>? Place(List<int> vms, bool[] barred, bool allOrNothing)
    {
        var taken = new HashSet<int>();
        var before = vms.Select(vm => book.HostOf[vm]).ToArray();
        var placed = new List<int>();
        foreach (var vm in vms.OrderByDescending(book.Demand))
        {
            var host = Find(vm, barred);
            if (host < 0)
            {
                if (!allOrNothing)
                {
                    if (book.HostOf[vm] < 0) book.Put(vm, world.HostOf[vm]); // nowhere to go: it stays
                    continue;
                }
                foreach (var back in placed) book.Take(back);
                for (var i = 0; i < vms.Count; i++) if (book.HostOf[vms[i]] != before[i]) book.Put(vms[i], before[i]);
                return null;
            }
            if (book.HostOf[vm] >= 0) book.Take(vm);
            book.Put(vm, host);
            placed.Add(vm);
            taken.Add(host);
        }
        return taken;
    }

    private int Find(int vm, bool[] barred)
    {
        var (best, least, demand) = (-1, double.MaxValue, book.Demand(vm));
        for (var host = 0; host < barred.Length; host++)
        {
            var shape = world.Hosts[host];
            if (barred[host] || shape.CoreMips < demand || shape.Mips - book.Allocated(host) < demand) continue;
            var adds = shape.WattsAt((book.Allocated(host) + demand) / shape.Mips) - shape.WattsAt(book.StaleUse(host));
            if (adds >= least) continue;
            if (book.Allocated(host) != 0 && overloaded(book, host, shape.Mips, demand, vm)) continue;
            (best, least) = (host, adds);
        }
        return best;
    }
}
