using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Approvals.Keeping;

/// <summary>Somebody's word that this object must not be deleted.</summary>
internal sealed class ProtectionRow
{
    public required string Kind { get; init; }
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string Reason { get; init; }
    public required string UserId { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>It stops everybody, the cloud's administrator too: lifting it is a step of its own, and audited.</summary>
internal static class Protections
{
    public static Task<bool> Any(Query q) => q.Db<ApprovalsDb>().Protections.AnyAsync();

    /// <summary>From what the audit log is told: whichever way led to the deletion.</summary>
    public static bool IsDeletion(AuditRow told) => told.Verb.EndsWith("delete", StringComparison.Ordinal) || told.Verb.EndsWith("recycle", StringComparison.Ordinal);

    public static async Task MustNotCover(Query q, AuditRow told)
    {
        var kind = Kinds.Deletable.FirstOrDefault(k => Kinds.AuditedAs(k) == told.Kind);
        if (kind is not null && IsDeletion(told) && await q.Db<ApprovalsDb>().Protections.SingleOrDefaultAsync(p => p.Kind == kind && p.Id == told.ResourceId) is { } row)
            throw CloudError.Conflict($"The {kind} {row.Id} is protected from deletion{(row.Reason.Length > 0 ? $" ({row.Reason})" : "")}. Lift that first: DELETE /xiangyun/v1/protections/{kind}/{row.Id}.");
    }
}
