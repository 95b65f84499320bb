namespace Xiangyun.Compute.Servers;

/// <summary>
/// What clients see, computed from the desire and the report of the host each time it is asked. Nothing here is stored, so
/// no state can be left behind.
/// </summary>
internal sealed record ServerStatus(string Status, string VmState, string? TaskState, int PowerState)
{
    public static ServerStatus Of(ServerRow s)
    {
        var power = s.Seen switch { Power.Running => 1, Power.Paused => 3, Power.Stopped => 4, Power.Suspended => 4, _ => 0 };
        if (s.DeletedAt is not null) return new("DELETED", "deleted", null, 0);
        var (status, state) = Rest(s);
        return new(status, state, Task(s, status), power);
    }

    /// <summary>The host has carried out everything that is wanted.</summary>
    public static bool Settled(ServerRow s) => s.Seen == s.Want && s.SeenGeneration >= s.Generation && s.SeenRebootCount >= s.RebootCount && s.SeenRebuildCount >= s.RebuildCount && s.SeenFault is null;

    private static (string Status, string VmState) Rest(ServerRow s)
    {
        if (s.Fault is not null || s.SeenFault is not null) return ("ERROR", "error");
        if (s.LaunchedAt is null) return ("BUILD", "building");
        if (s.Want != Power.Gone)
        {
            if (s.RebuildCount != s.SeenRebuildCount) return ("REBUILD", "active");
            if (s.RebootCount != s.SeenRebootCount) return (s.RebootHard ? "HARD_REBOOT" : "REBOOT", "active");
        }
        return s.Seen switch
        {
            Power.Stopped => ("SHUTOFF", "stopped"),
            Power.Paused => ("PAUSED", "paused"),
            Power.Suspended => ("SUSPENDED", "suspended"),
            _ => ("ACTIVE", "active"),
        };
    }

    private static string? Task(ServerRow s, string status)
    {
        if (s.Want == Power.Gone) return "deleting";
        return status switch
        {
            "ERROR" => null,
            "BUILD" => s.HostId is null ? "scheduling" : s.SeenProgress is "image" or "disk" ? "block_device_mapping" : "spawning",
            "REBUILD" => "rebuilding",
            "REBOOT" => "rebooting",
            "HARD_REBOOT" => "rebooting_hard",
            _ => s.Want == s.Seen ? null : (s.Want, s.Seen) switch
            {
                (Power.Stopped, _) => "powering-off",
                (Power.Paused, _) => "pausing",
                (Power.Suspended, _) => "suspending",
                (Power.Running, Power.Paused) => "unpausing",
                (Power.Running, Power.Suspended) => "resuming",
                (Power.Running, _) => "powering-on",
                _ => null,
            },
        };
    }
}
