namespace Xiangyun.Compute.Servers;

/// <summary>
/// What clients see, computed from the desire and the report of the host each time it is asked. Nothing here is stored, so
/// no state can be left behind.
/// </summary>
internal sealed record ServerStatus(string Status, string VmState, string? TaskState, int PowerState)
{
    public static ServerStatus Of(ServerRow s)
    {
        var power = s.Seen switch { Power.Running => 1, Power.Paused => 3, Power.Stopped => 4, Power.Suspended => 4, _ => Leaves(s) ? s.Want == Power.Paused ? 3 : 1 : 0 };
        if (s.DeletedAt is not null) return new("DELETED", "deleted", null, 0);
        if (s.RecycledAt is not null && s.Want != Power.Gone) return new("SOFT_DELETED", "soft-delete", null, power);
        var (status, state) = Rest(s);
        return new(status, state, Task(s, status), power);
    }

    /// <summary>The host has carried out everything that is wanted.</summary>
    public static bool Settled(ServerRow s) => s.Seen == s.Want && s.SeenGeneration >= s.Generation && s.SeenRebootCount >= s.RebootCount && s.SeenRebuildCount >= s.RebuildCount && s.SeenFault is null;

    /// <summary>The last longer change has not been reported as done. Nothing ends it but the host's report.</summary>
    public static bool UnderWay(ServerRow s) => s.ChangeWhy.Length > 0 && s.Want != Power.Gone
        && (s.SeenGeneration < s.ChangeGeneration || s.SeenRebootCount < s.RebootCount || s.SeenRebuildCount < s.RebuildCount || s.Seen != s.Want
            || s.ChangeWhy == Changes.Unshelve && s.ShelfImageId is not null || Leaves(s));

    /// <summary>It runs on the host that it comes from, until the new one has it.</summary>
    public static bool Leaves(ServerRow s) => s.ChangeWhy == Changes.LiveMigrate && s.ResizeFrom is not null;

    private static (string Status, string VmState) Rest(ServerRow s)
    {
        if (s.Fault is not null || s.SeenFault is not null) return ("ERROR", "error");
        if (s.LaunchedAt is null) return ("BUILD", "building");
        if (UnderWay(s)) return Changing(s);
        if (s.Want != Power.Gone)
        {
            if (s.RebuildCount != s.SeenRebuildCount) return ("REBUILD", "active");
            if (s.RebootCount != s.SeenRebootCount) return (s.RebootHard ? "HARD_REBOOT" : "REBOOT", "active");
        }
        if (s.Shelved) return s.HostId is null ? ("SHELVED_OFFLOADED", "shelved_offloaded") : s.ShelfFull && s.Seen == Power.Stopped ? ("SHELVED", "shelved") : ("ACTIVE", "active");
        if (s.RescueImageId is not null) return ("RESCUE", "rescued");
        if (s.ResizeFrom is not null) return ("VERIFY_RESIZE", "resized");
        return s.Seen switch
        {
            Power.Stopped => ("SHUTOFF", "stopped"),
            Power.Paused => ("PAUSED", "paused"),
            Power.Suspended => ("SUSPENDED", "suspended"),
            _ => ("ACTIVE", "active"),
        };
    }

    private static (string Status, string VmState) Changing(ServerRow s) => s.ChangeWhy switch
    {
        Changes.Resize => ("RESIZE", "active"),
        Changes.Revert => ("REVERT_RESIZE", "resized"),
        Changes.Unrescue => ("RESCUE", "rescued"),
        Changes.Unshelve => s.ShelfImageId is null ? ("SHELVED", "shelved") : ("SHELVED_OFFLOADED", "shelved_offloaded"),
        Changes.LiveMigrate => ("MIGRATING", s.Want == Power.Paused ? "paused" : "active"),
        Changes.Evacuate => ("REBUILD", "active"),
        _ => ("ACTIVE", "active"),
    };

    private static string? Task(ServerRow s, string status)
    {
        if (s.Want == Power.Gone) return "deleting";
        if (status != "ERROR" && s.LaunchedAt is not null && UnderWay(s)) return s.ChangeWhy switch
        {
            Changes.Resize => s.Seen == Power.Unseen ? "resize_migrating" : "resize_prep",
            Changes.Revert => "resize_reverting",
            Changes.Rescue => "rescuing",
            Changes.Unrescue => "unrescuing",
            Changes.Unshelve => "unshelving",
            Changes.LiveMigrate => "migrating",
            Changes.Evacuate => "rebuild_spawning",
            _ => null,
        };
        if (s.Shelved && status == "ACTIVE") return s.Seen == Power.Stopped ? "shelving_image_uploading" : "shelving";
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
