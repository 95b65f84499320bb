using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Quotas;

public sealed class QuotaRow
{
    /// <summary>A project, a domain, or <see cref="Quotas.Cloud"/>.</summary>
    public required string ProjectId { get; init; }
    /// <summary>Service and resource: <c>compute.instances</c>, <c>network.port</c>, <c>volume.gigabytes</c>.</summary>
    public required string Resource { get; init; }
    /// <summary>-1 = no limit of its own.</summary>
    public long Value { get; init; }
}

/// <summary>Quota that one organisation lets another use for a time.</summary>
public sealed class LoanRow
{
    public required string Id { get; init; }
    public required string Resource { get; init; }
    public long Amount { get; init; }
    public required string LenderId { get; init; }
    public required string BorrowerId { get; init; }
    /// <summary>Who proposed it: the lender offered, or the borrower asked; the other side decides.</summary>
    public bool AskedByLender { get; init; }
    public required string AskedBy { get; init; }
    public string Reason { get; init; } = "";
    public long CreatedAt { get; init; }
    public long ExpiresAt { get; init; }
    public long? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public bool? Accepted { get; init; }
    /// <summary>Given back, or withdrawn, before its time.</summary>
    public long? EndedAt { get; init; }
}

internal sealed class QuotaDb(DbContextOptions<QuotaDb> options) : ModuleContext(options)
{
    public DbSet<QuotaRow> Quota => Set<QuotaRow>();
    public DbSet<LoanRow> Loans => Set<LoanRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<QuotaRow>().ToTable("quota").HasKey(r => new { r.ProjectId, r.Resource });
        model.Entity<LoanRow>(e =>
        {
            e.ToTable("quota_loan").HasKey(r => r.Id);
            e.Property(r => r.AskedByLender).HasConversion<long>();
            e.Property(r => r.Accepted).HasConversion<long?>();
        });
    }
}
