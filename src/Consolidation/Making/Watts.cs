using Xiangyun.Fleet.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>
/// What a host draws at 0, 10 .. 100 % use, where nobody has measured it: 60 W and 1 W a thread idle, 60 W and 4 W a thread at full use (a 64-thread host:
/// 124 to 316 W), a straight line between. It serves to compare plans, and is always called an estimate.
/// </summary>
internal static class Watts
{
    public static double[] Of(HostView host) => [.. Enumerable.Range(0, 11).Select(i => 60 + host.Vcpus * (1 + 0.3 * i))];

    public static double At(HostView host, double usePercent) => 60 + host.Vcpus * (1 + 0.03 * Math.Clamp(usePercent, 0, 100));
}
