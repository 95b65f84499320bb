namespace Xiangyun.Image.Imports;

/// <summary>One import: what was asked for, and how it ended.</summary>
internal sealed class TaskRow
{
    public const string Pending = "pending", Success = "success", Failure = "failure";

    public required string Id { get; init; }
    public required string ImageId { get; init; }
    public required string OwnerId { get; init; }
    public required string UserId { get; init; }
    public required string RequestId { get; init; }
    public required string Method { get; init; }
    /// <summary>The request as JSON.</summary>
    public required string Input { get; init; }
    /// <summary>pending, success or failure. Whether it is being worked on just now, the image's lease says.</summary>
    public required string Status { get; init; }
    public string Message { get; init; } = "";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}
