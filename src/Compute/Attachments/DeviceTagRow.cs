namespace Xiangyun.Compute.Attachments;

/// <summary>A label that the owner put on a port or a volume of a server, for programs in the guest to find it by.</summary>
internal sealed class DeviceTagRow
{
    public const string Port = "port", Volume = "volume";
    public required string ServerId { get; init; }
    public required string Kind { get; init; }
    public required string DeviceId { get; init; }
    public required string Tag { get; init; }
}
