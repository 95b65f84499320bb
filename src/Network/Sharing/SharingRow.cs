using Xiangyun.Network.Data;

namespace Xiangyun.Network.Sharing;

/// <summary>An RBAC policy: whose object may be used by which project.</summary>
internal sealed class SharingRow : ResourceRow
{
    public required string ObjectType { get; init; }
    public required string ObjectId { get; init; }
    public string Action { get; init; } = Shares.AsShared;
    /// <summary>A project, or <c>*</c> for all.</summary>
    public required string TargetProject { get; set; }
}
