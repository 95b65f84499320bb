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
    public static string? NoSwitch(HostRow row) => row.Simulated ? null : "nothing that could switch it is known";

    /// <summary>What people read: one word for what is wanted and seen together.</summary>
    public static string State(HostView h) => (h.PowerWanted, h.PowerSeen, h.Alive) switch
    {
        (PowerState.Off, PowerState.Off, _) => "off (by the cloud)",
        (PowerState.Off, _, _) => h.PowerReached ? "on, though the cloud switched it off" : "switching off",
        (_, _, true) => "on",
        (_, PowerState.Off, _) => h.PowerReached ? "off, not by the cloud" : "waking",
        (_, PowerState.On, _) when h.Waking => "booting",
        (_, PowerState.On, _) => "on, but its agent does not answer",
        _ => "unknown",
    };
}
