using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;

namespace Xiangyun.Energy.Counting;

/// <summary>What one host draws now.</summary>
/// <param name="Watts">null = nothing is known: it neither answers nor is its power known.</param>
/// <param name="Measured">By its controller; else estimated by the power curve.</param>
internal sealed record Draw(double? Watts, bool Measured)
{
    /// <summary>A measurement counts for so long; controllers are asked each minute.</summary>
    public const long Fresh = 5 * 60_000;

    private static readonly Draw Nothing = new(null, false);

    /// <summary>A host that boots draws what an idle one does, as in the replay.</summary>
    public static Draw Of(HostView h, HostMeasure? measure, EnergySettings settings, long now)
    {
        if (measure is { Watts: { } watts } && now - measure.At < Fresh) return new(watts, true);
        if (h.Alive) return new(settings.Watts(measure?.Model ?? "", h.Vcpus, h.CpuPercent / 100), false);
        return h.PowerSeen switch
        {
            PowerState.Off => new(settings.StandbyWatts, false),
            PowerState.On => new(settings.Watts(measure?.Model ?? "", h.Vcpus, 0), false),
            _ => Nothing,
        };
    }
}
