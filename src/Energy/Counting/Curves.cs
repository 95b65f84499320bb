using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Energy.Counting;

/// <summary>The operator's curve of each host, by the model that its controller names.</summary>
internal sealed class Curves(IHostPower power) : IPowerCurves
{
    public async Task<Func<HostView, PowerCurve>> Read(Query q)
    {
        var (settings, measures) = (await EnergySettings.Read(q), await power.Measures(q));
        return h => settings.Curve(measures.GetValueOrDefault(h.Id)?.Model ?? "", h.Vcpus);
    }
}
