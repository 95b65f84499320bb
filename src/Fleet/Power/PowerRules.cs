using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;

namespace Xiangyun.Fleet.Power;

/// <summary>What follows from a host's row about its power. Pure.</summary>
internal static class PowerRules
{
    /// <summary>Without news for longer after it was wanted on, a host has not booted.</summary>
    public static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(15);

    /// <summary>A machine that was asked to shut down and has not after this long loses its power.</summary>
    public static readonly TimeSpan Politeness = TimeSpan.FromMinutes(3);

    /// <returns>Why nothing here can switch this host, or null.</returns>
    public static string? NoSwitch(HostRow row, BmcRow? bmc) => row.Simulated || bmc is not null ? null : "nothing that could switch it is known; set its BMC first";
}
