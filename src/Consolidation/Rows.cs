using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Consolidation;

internal sealed class PolicyRow
{
    public required string Cluster { get; init; }
    public required string Body { get; init; }
    public long Generation { get; init; }
    public long UpdatedAt { get; init; }
    public required string UpdatedBy { get; init; }
}

internal sealed class RoundRow
{
    public required string Cluster { get; init; }
    public long At { get; init; }
    public required string Words { get; init; }
}

/// <summary>A plan: what is to be done never changes; who approved, stopped and ended it is added. Its state is computed (<see cref="Plans.PlanState"/>).</summary>
internal sealed class PlanRow
{
    public required string Id { get; init; }
    public required string Cluster { get; init; }
    public required string Kind { get; init; }
    public string? ParentId { get; init; }
    public required string Body { get; init; }
    public required string Hash { get; init; }
    public required string MadeBy { get; init; }
    public long MadeAt { get; init; }
    /// <summary>A <see cref="Identity.Public.Standpoint"/>; null: the policy's rule approved, and the cloud itself moves.</summary>
    public string? Approver { get; init; }
    public string? ApprovedBy { get; init; }
    public long? ApprovedAt { get; init; }
    public string? StoppedBy { get; init; }
    public string? StoppedWhy { get; init; }
    public long? StoppedAt { get; init; }
    public string? FailedWhy { get; init; }
    public long? EndedAt { get; init; }
    public long? UndoneAt { get; init; }
}

internal sealed class PictureRow
{
    public required string PlanId { get; init; }
    public required string Body { get; init; }
}

internal sealed class MoveRow
{
    public const string Done = "done", Failed = "failed", Skipped = "skipped";

    public required string PlanId { get; init; }
    public long Place { get; init; }
    public required string ServerId { get; init; }
    public required string FromHost { get; init; }
    public required string ToHost { get; init; }
    public long? BegunAt { get; init; }
    public long? EndedAt { get; init; }
    public string? Outcome { get; init; }
    public string? Words { get; init; }

    public bool UnderWay => BegunAt is not null && EndedAt is null;
}

internal sealed class SwitchRow
{
    public required string PlanId { get; init; }
    public required string HostId { get; init; }
    public bool TurnOn { get; init; }
    public long? AskedAt { get; init; }
    public long? EndedAt { get; init; }
    public string? Words { get; init; }
}

internal sealed class BreachRow
{
    public required string Id { get; init; }
    public required string Cluster { get; init; }
    public required string HostId { get; init; }
    /// <summary>null: the host as a whole.</summary>
    public string? ServerId { get; init; }
    public string? ProjectId { get; init; }
    public required string Kind { get; init; }
    public double Value { get; init; }
    public double Slo { get; init; }
    public long Since { get; init; }
    public long? EndedAt { get; init; }
    public string Did { get; init; } = "";
    public string? PlanId { get; init; }
}

internal sealed class ConsolidationDb(DbContextOptions<ConsolidationDb> options) : ModuleContext(options)
{
    public DbSet<PolicyRow> Policies => Set<PolicyRow>();
    public DbSet<RoundRow> Rounds => Set<RoundRow>();
    public DbSet<PlanRow> Plans => Set<PlanRow>();
    public DbSet<PictureRow> Pictures => Set<PictureRow>();
    public DbSet<MoveRow> Moves => Set<MoveRow>();
    public DbSet<SwitchRow> Switches => Set<SwitchRow>();
    public DbSet<BreachRow> Breaches => Set<BreachRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<PolicyRow>().ToTable("consolidation_policy").HasKey(r => r.Cluster);
        model.Entity<RoundRow>().ToTable("consolidation_round").HasKey(r => r.Cluster);
        model.Entity<PlanRow>().ToTable("consolidation_plan").HasKey(r => r.Id);
        model.Entity<PictureRow>().ToTable("consolidation_picture").HasKey(r => r.PlanId);
        model.Entity<MoveRow>(e => { e.ToTable("consolidation_move").HasKey(r => new { r.PlanId, r.Place }); e.Ignore(r => r.UnderWay); });
        model.Entity<SwitchRow>(e => { e.ToTable("consolidation_switch").HasKey(r => new { r.PlanId, r.HostId }); e.Property(r => r.TurnOn).HasConversion<long>(); });
        model.Entity<BreachRow>().ToTable("consolidation_breach").HasKey(r => r.Id);
    }
}
