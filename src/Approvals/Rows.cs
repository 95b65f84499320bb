using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Approvals;

internal static class States
{
    public const string Waiting = "waiting", Returned = "returned", Refused = "refused", Withdrawn = "withdrawn", Approved = "approved", Done = "done", Failed = "failed";
    public static readonly string[] All = [Waiting, Returned, Refused, Withdrawn, Approved, Done, Failed];
}

/// <summary>What somebody asks for, as of its present revision.</summary>
internal sealed class RequestRow
{
    public required string Id { get; init; }
    public required string Kind { get; init; }
    /// <summary>The node of the tree that it is for; mostly a project.</summary>
    public required string ProjectId { get; init; }
    public required string RequesterId { get; init; }
    /// <summary>A <see cref="Identity.Public.Standpoint"/>.</summary>
    public required string Requester { get; init; }
    public required string Wish { get; init; }
    public string? Microversion { get; init; }
    public required string Reason { get; init; }
    public required string State { get; init; }
    public long Revision { get; init; }
    /// <summary>Canonical JSON: exactly these bytes are hashed.</summary>
    public required string Plan { get; init; }
    public required string PlanHash { get; init; }
    /// <summary>The steps as they were configured when this revision was submitted.</summary>
    public required string Steps { get; init; }
    public long Step { get; init; }
    public long StepSince { get; init; }
    /// <summary>In whose name it is carried out, when that is not the requester: whoever approved last.</summary>
    public string? Executor { get; init; }
    public string? Outcome { get; init; }
    public string? Error { get; init; }
    public long Generation { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

internal sealed class DecisionRow
{
    public required string Id { get; init; }
    public required string RequestId { get; init; }
    public long Revision { get; init; }
    public long Step { get; init; }
    public required string UserId { get; init; }
    public required string UserName { get; init; }
    public required string Decision { get; init; }
    public required string Comment { get; init; }
    public required string PlanHash { get; init; }
    public long At { get; init; }
}

internal sealed class RuleRow
{
    public required string NodeId { get; init; }
    public required string Steps { get; init; }
    public required string Demands { get; init; }
    public long UpdatedAt { get; init; }
}

internal sealed class ApprovalsDb(DbContextOptions<ApprovalsDb> options) : ModuleContext(options)
{
    public DbSet<RequestRow> Requests => Set<RequestRow>();
    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();
    public DbSet<RuleRow> Rules => Set<RuleRow>();

    public DbSet<Keeping.ProtectionRow> Protections => Set<Keeping.ProtectionRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<RequestRow>().ToTable("approval_request").HasKey(r => r.Id);
        model.Entity<DecisionRow>().ToTable("approval_decision").HasKey(r => r.Id);
        model.Entity<RuleRow>().ToTable("approval_rule").HasKey(r => r.NodeId);
        model.Entity<Keeping.ProtectionRow>().ToTable("protection").HasKey(p => new { p.Kind, p.Id });
    }
}
