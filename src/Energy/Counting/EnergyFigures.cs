using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Energy.Counting;

/// <summary>What the hosts draw now, how much of that is measured, and how many of them the cloud has switched off.</summary>
internal sealed class EnergyFigures(IHosts hosts, IHostPower power) : IFigures
{
    private const int Minute = 60;

    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var (settings, measures) = (await EnergySettings.Read(q), await power.Measures(q));
        var all = await hosts.All(q);
        var draws = all.Select(h => Draw.Of(h, measures.GetValueOrDefault(h.Id), settings, q.Now)).Where(d => d.Watts is not null).ToList();
        return
        [
            new("energy.watts", Math.Round(draws.Sum(d => d.Watts!.Value)), "W", "/energy") { Period = Minute },
            new("energy.measured_watts", Math.Round(draws.Where(d => d.Measured).Sum(d => d.Watts!.Value)), "W", "/energy") { Period = Minute },
            new("energy.hosts_off", all.Count(h => h.OffByCloud), "hosts", "/energy"),
        ];
    }
}
