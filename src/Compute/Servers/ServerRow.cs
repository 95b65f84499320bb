namespace Xiangyun.Compute.Servers;

/// <summary>One server: the desire of its owner, and what its host reported last.</summary>
internal sealed class ServerRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public required string Name { get; init; }
    public string ReservationId { get; init; } = "";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    /// <summary>First time that it ran with all its ports up.</summary>
    public long? LaunchedAt { get; init; }
    public long? DeletedAt { get; init; }
    /// <summary>Set: in the recycle bin (soft-deleted), until <see cref="RecycledUntil"/>.</summary>
    public long? RecycledAt { get; init; }
    public long? RecycledUntil { get; init; }
    /// <summary>What was wanted of it when it was thrown away.</summary>
    public string? RecycledWant { get; init; }

    /// <summary>Rises with each change of the desire.</summary>
    public long Generation { get; init; } = 1;
    public long WantedAt { get; init; }
    public string Want { get; init; } = Power.Running;
    public long RebootCount { get; init; }
    public bool RebootHard { get; init; }
    public long RebuildCount { get; init; }
    /// <summary>null: no host could take it.</summary>
    public string? HostId { get; init; }
    public string Zone { get; init; } = "nova";
    public string? ImageId { get; init; }
    public string ImageSha512 { get; init; } = "";
    public string ImageFormat { get; init; } = "";
    public string ImageProperties { get; init; } = "{}";
    public required string FlavorId { get; init; }
    public int Vcpus { get; init; }
    public int RamMib { get; init; }
    public int DiskGib { get; init; }
    public string? KeyName { get; init; }
    public string? PublicKey { get; init; }
    public string? UserData { get; init; }
    public string Metadata { get; init; } = "{}";
    public bool ConfigDrive { get; init; }
    public bool Locked { get; init; }
    public string? LockedReason { get; init; }
    public string? Description { get; init; }
    /// <summary>What its owner wants it to be called inside; null = made of its name.</summary>
    public string? Hostname { get; init; }
    /// <summary>Its place among those made by one request, from 0.</summary>
    public int LaunchIndex { get; init; }
    public string DiskConfig { get; init; } = "MANUAL";
    public string AccessIpv4 { get; init; } = "";
    public string AccessIpv6 { get; init; } = "";
    /// <summary>What the control plane found wrong: no host, or nothing heard in time.</summary>
    public string? Fault { get; init; }
    public long? FaultAt { get; init; }

    /// <summary>Files for the config drive, as JSON: path and base64 contents.</summary>
    public string Personality { get; init; } = "[]";
    /// <summary>The last change that takes its time (see <see cref="Changes"/>), and the generation that it was wanted under.</summary>
    public string ChangeWhy { get; init; } = "";
    public long ChangeGeneration { get; init; }
    /// <summary>Set: it boots from this image beside its own disks.</summary>
    public string? RescueImageId { get; init; }
    public string RescueImageSha512 { get; init; } = "";
    public string RescueImageFormat { get; init; } = "";
    public string RescueImageProperties { get; init; } = "{}";
    /// <summary>Set: resized or moved, and not confirmed yet; JSON of <see cref="Actions.Before"/>.</summary>
    public string? ResizeFrom { get; init; }
    /// <summary>Set: the root disk was made of these bytes (a qcow2) and not of the image.</summary>
    public string? DiskImageId { get; init; }
    public string DiskImageSha512 { get; init; } = "";
    public bool Shelved { get; init; }
    public long? ShelvedAt { get; init; }
    /// <summary>Keeps the root disk of a shelved server; null when it boots from a volume.</summary>
    public string? ShelfImageId { get; init; }
    /// <summary>The disk is safe: in its image, or a volume anyway.</summary>
    public bool ShelfFull { get; init; }

    public long SeenGeneration { get; init; }
    public string Seen { get; init; } = Power.Unseen;
    public long SeenRebootCount { get; init; }
    public long SeenRebuildCount { get; init; }
    /// <summary>What the host says it cannot do; null when it can.</summary>
    public string? SeenFault { get; init; }
    public string SeenProgress { get; init; } = "";
    public long SeenAt { get; init; }
}

/// <summary>Names of <see cref="ServerRow.ChangeWhy"/>.</summary>
internal static class Changes
{
    public const string Resize = "resize";
    public const string Revert = "revert";
    public const string Rescue = "rescue";
    public const string Unrescue = "unrescue";
    public const string Unshelve = "unshelve";
    public const string LiveMigrate = "live-migrate";
    public const string Evacuate = "evacuate";
}

internal static class Power
{
    public const string Unseen = "";
    public const string Running = "running";
    public const string Stopped = "stopped";
    public const string Paused = "paused";
    public const string Suspended = "suspended";
    public const string Gone = "gone";
}
