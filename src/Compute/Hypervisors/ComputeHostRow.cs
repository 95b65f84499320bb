namespace Xiangyun.Compute.Hypervisors;

/// <summary>What Compute keeps of a host: the number that it has for old clients, and whether an administrator says that it is down.</summary>
internal sealed class ComputeHostRow
{
    public required string HostId { get; init; }
    public long Number { get; init; }
    public bool ForcedDown { get; init; }
}
