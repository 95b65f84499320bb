using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Published;

/// <summary>
/// The family of Beloglazov and Buyya 2012 as CloudSim 3.0.3 runs it: a detector says which hosts are overloaded, those give away the VMs with
/// least memory, power-aware best fit places them, then every other host is emptied, least used first, if its VMs fit elsewhere.
/// </summary>
internal sealed class MinimumMigrationTime(string name, Detector overloaded) : IPolicy
{
    public string Name => name;

    public static IPolicy? Named(string name) => name.ToLowerInvariant() switch
    {
        "thr-mmt" => new MinimumMigrationTime("thr-mmt", Detectors.Threshold(0.8)),
        "iqr-mmt" => new MinimumMigrationTime("iqr-mmt", Detectors.Iqr(1.5)),
        "mad-mmt" => new MinimumMigrationTime("mad-mmt", Detectors.Mad(2.5)),
        "lr-mmt" => new MinimumMigrationTime("lr-mmt", Detectors.Regression(1.2)),
        "lrr-mmt" => new MinimumMigrationTime("lrr-mmt", Detectors.Regression(1.2)),
        _ => null,
    };

    public void Start(World world) => FirstPlacement.Spread(world);

    public IReadOnlyList<Move> Next(World world, Past past)
    {
        var book = new Book(world, past);
        var fit = new PowerAwareFit(world, book, overloaded);
        var hot = Enumerable.Range(0, world.Hosts.Length).Where(h => book.On[h].Count > 0 && Over(h)).ToList();
        var leaving = new List<int>();
        foreach (var host in hot)
            do
            {
                if (book.On[host].Count == 0) break;
                var least = book.On[host].MinBy(vm => world.Vms[vm].RamMb);
                leaving.Add(least);
                book.Take(least);
            }
            while (Over(host));
        var barred = new bool[world.Hosts.Length];
        foreach (var host in hot) barred[host] = true;
        fit.Place(leaving, barred, allOrNothing: false);
        for (var host = 0; host < barred.Length; host++) barred[host] |= world.On[host].Count == 0; // off; neither filled nor emptied
        EmptyTheIdle(world, book, fit, barred);
        var moves = new List<Move>();
        for (var vm = 0; vm < book.HostOf.Length; vm++)
            if (book.HostOf[vm] >= 0 && book.HostOf[vm] != world.HostOf[vm]) moves.Add(new Move(vm, world.HostOf[vm], book.HostOf[vm]));
        return moves;

        bool Over(int host) => overloaded(book, host, world.Hosts[host].Mips, 0, -1);
    }

    private static void EmptyTheIdle(World world, Book book, PowerAwareFit fit, bool[] barred)
    {
        var skipped = (bool[])barred.Clone();
        while (true)
        {
            var least = -1;
            for (var host = 0; host < skipped.Length; host++)
                if (!skipped[host] && (least < 0 || book.StaleUse(host) < book.StaleUse(least))) least = host;
            if (least < 0) return;
            skipped[least] = barred[least] = true;
            if (fit.Place([.. book.On[least]], barred, allOrNothing: true) is not { } taken) continue;
            foreach (var host in taken) skipped[host] = true;
        }
    }
}
