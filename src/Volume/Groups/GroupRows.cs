namespace Xiangyun.Volume.Groups;

/// <summary>What clients see of a group or a group snapshot: what its parts are, unless it goes or an administrator said otherwise.</summary>
internal static class GroupState
{
    public static string Of(bool gone, string? word, IReadOnlyCollection<string> members) =>
        gone ? "deleting" : word ?? (members.Contains("error") ? "error" : members.Contains("creating") ? "creating" : "available");
}

/// <summary>Volumes of one project that are handled together.</summary>
internal sealed class GroupRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public required string TypeId { get; init; }
    public string? Zone { get; init; }
    /// <summary>What it was made of, if of another group or of a group snapshot.</summary>
    public string? SourceGroupId { get; init; }
    public string? GroupSnapshotId { get; init; }
    /// <summary>Goes when its last volume has gone.</summary>
    public bool Gone { get; init; }
    public string? ResetStatus { get; init; }
    public long CreatedAt { get; init; }

    /// <param name="members">Statuses of its volumes.</param>
    public string Status(IReadOnlyCollection<string> members) => GroupState.Of(Gone, ResetStatus, members);
}

/// <summary>Snapshots of all volumes of a group, asked for at once.</summary>
internal sealed class GroupSnapshotRow
{
    public required string Id { get; init; }
    public required string GroupId { get; init; }
    public required string GroupTypeId { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public bool Gone { get; init; }
    public string? ResetStatus { get; init; }
    public long CreatedAt { get; init; }

    public string Status(IReadOnlyCollection<string> members) => GroupState.Of(Gone, ResetStatus, members);
}

internal sealed class GroupVolumeTypeRow
{
    public required string GroupId { get; init; }
    public required string TypeId { get; init; }
}

internal sealed class GroupTypeRow
{
    public const string DefaultName = "__DEFAULT__";
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public bool IsPublic { get; init; }
    public long CreatedAt { get; init; }
}

internal sealed class GroupSpecRow
{
    public required string TypeId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}
