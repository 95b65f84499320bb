using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Recycling;

/// <summary>For how many seconds a node keeps what is deleted there and below; 0 = not at all.</summary>
public sealed class RecycleRow
{
    public required string NodeId { get; init; }
    /// <summary>An <see cref="IRecycled.Kind"/>.</summary>
    public required string Kind { get; init; }
    public long Seconds { get; init; }
}

internal sealed class RecycleDb(DbContextOptions<RecycleDb> options) : ModuleContext(options)
{
    public DbSet<RecycleRow> Rules => Set<RecycleRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<RecycleRow>().ToTable("recycle_rule").HasKey(r => new { r.NodeId, r.Kind });
}
