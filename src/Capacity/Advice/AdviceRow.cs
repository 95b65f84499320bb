namespace Xiangyun.Capacity.Advice;

/// <summary>One piece of advice for one server, and how far it is.</summary>
internal sealed class AdviceRow
{
    public required string Id { get; init; }
    public required string ServerId { get; init; }
    public required string ServerName { get; init; }
    public required string ProjectId { get; init; }
    /// <summary>down, up, change</summary>
    public required string Kind { get; init; }
    public required string State { get; init; }
    public required string FromId { get; init; }
    public required string FromName { get; init; }
    public long FromVcpus { get; init; }
    public long FromRamMib { get; init; }
    public required string ToId { get; init; }
    public required string ToName { get; init; }
    public long ToVcpus { get; init; }
    public long ToRamMib { get; init; }
    /// <summary>Hundredths of the currency for 30 days.</summary>
    public long Saved { get; init; }
    public required string Confidence { get; init; }
    /// <summary>JSON: what was measured, over which time, and what follows.</summary>
    public required string Evidence { get; init; }
    /// <summary>The person whose word it is; and where they stood then, as JSON.</summary>
    public string? AcceptedBy { get; init; }
    public string? Standpoint { get; init; }
    /// <summary>Without waiting for the window.</summary>
    public bool AtOnce { get; init; }
    public string? RequestId { get; init; }
    public long? BeganAt { get; init; }
    public long? WatchUntil { get; init; }
    /// <summary>JSON: what was measured since.</summary>
    public string? Watched { get; init; }
    /// <summary>Until then the same server gets no other advice.</summary>
    public long? QuietUntil { get; init; }
    /// <summary>Why it was dismissed or undone.</summary>
    public string? Why { get; init; }
    public string? Error { get; init; }
    public long Generation { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>proposed -> accepted -> (asked ->) resizing -> watching -> done; or watching -> undoing -> reverting -> undone; or dismissed, failed, overtaken.</summary>
internal static class States
{
    public const string Proposed = "proposed", Accepted = "accepted", Asked = "asked", Resizing = "resizing", Watching = "watching", Done = "done", Undoing = "undoing", Reverting = "reverting", Undone = "undone", Dismissed = "dismissed", Failed = "failed", Overtaken = "overtaken";
    public static readonly string[] All = [Proposed, Accepted, Asked, Resizing, Watching, Done, Undoing, Reverting, Undone, Dismissed, Failed, Overtaken];
    /// <summary>Somebody is at it: no other advice meanwhile.</summary>
    public static readonly string[] UnderWay = [Accepted, Asked, Resizing, Watching, Undoing, Reverting];
}
