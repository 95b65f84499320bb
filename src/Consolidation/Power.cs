using Xiangyun.Fleet.Public;

namespace Xiangyun.Consolidation;

/// <summary>What this module asks of a host's power.</summary>
internal static class Power
{
    /// <summary>Switched off on purpose, so it can be woken.</summary>
    public static bool IsOff(HostView host) => host.OffByCloud;
}
