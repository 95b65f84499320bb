namespace Xiangyun.Engines.Guests;

/// <summary>
/// Everything an engine needs to make one guest. A value: two equal specs make the same guest, so an engine can tell
/// from the spec's hash alone whether the definition it holds is still the wanted one.
/// </summary>
public sealed record GuestSpec
{
    /// <summary>UUID of the server; also the guest's own UUID. The engine's name for it is <c>xy-&lt;id&gt;</c>.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required int Vcpus { get; init; }
    public required long MemoryMib { get; init; }
    /// <summary>In boot order first, then by device.</summary>
    public IReadOnlyList<GuestDisk> Disks { get; init; } = [];
    public IReadOnlyList<GuestNic> Nics { get; init; } = [];
    /// <summary>The hint that says how busy a simulated guest is (<see cref="Simulated.SimulatedLoad"/>); other engines do not know it.</summary>
    public const string Simulate = "simulate";

    /// <summary>hw_* properties of the image.</summary>
    public IReadOnlyDictionary<string, string> Hints { get; init; } = new Dictionary<string, string>();
}

public enum DiskRole { Root, Volume, ConfigDrive, Rescue }

/// <param name="Id">Volume id, or the server's id for root disk and config drive.</param>
/// <param name="Device">Target in the guest, e.g. <c>vda</c>.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>.</param>
/// <param name="BootIndex">0 boots first, -1 not at all.</param>
public sealed record GuestDisk(DiskRole Role, string Id, string File, string Device, string Format, int BootIndex, bool ReadOnly)
{
    /// <summary>How the guest sees it: <c>virtio</c>, <c>scsi</c>, <c>usb</c>, <c>sata</c> or <c>ide</c>.</summary>
    public string Bus { get; init; } = "virtio";
    public bool Cdrom { get; init; }
    /// <summary>Other guests may have it open, too; its format is <c>raw</c>.</summary>
    public bool Shared { get; init; }
}

/// <param name="PortId">A UUID: the OVN interface id.</param>
/// <param name="Mtu">Bytes; 0 = the engine's own.</param>
public sealed record GuestNic(string PortId, string Mac, int Mtu);
