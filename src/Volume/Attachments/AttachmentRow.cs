namespace Xiangyun.Volume.Attachments;

/// <summary>One volume attached to one server. <see cref="Wanted"/> is the desire, <see cref="Seen"/> what the host reported.</summary>
internal sealed class AttachmentRow
{
    public required string Id { get; init; }
    public required string VolumeId { get; init; }
    public required string ServerId { get; init; }
    /// <summary><c>/dev/vdb</c></summary>
    public required string Device { get; init; }
    public int BootIndex { get; init; }
    public bool DeleteOnTermination { get; init; }
    public bool Wanted { get; init; }
    public bool Seen { get; init; }
    /// <summary>Said by a client through os-attach, not carried out by Compute.</summary>
    public bool ByHand { get; init; }
    public string? HostName { get; init; }
    /// <summary><c>rw</c> or <c>ro</c>, as the client that attaches by itself said.</summary>
    public string Mode { get; init; } = "rw";
    /// <summary>JSON: what that client said of its host. Null = reserved only.</summary>
    public string? Connector { get; init; }
    /// <summary>Wanted while the server was on a shelf: reserved until a host has it.</summary>
    public bool Parked { get; init; }
    public long? AttachedAt { get; init; }
    public long CreatedAt { get; init; }

    public string State => !Wanted ? "detaching" : Seen ? "attached" : "attaching";
}
