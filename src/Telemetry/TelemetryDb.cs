using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Telemetry;

internal sealed class TelemetryDb(DbContextOptions<TelemetryDb> options) : ModuleContext(options)
{
    public DbSet<RingRow> Rings => Set<RingRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<RingRow>().ToTable("telemetry_ring").HasKey(r => r.Id);
}

internal sealed class RingRow
{
    public required string Id { get; init; }
    /// <summary>Of its newest sample.</summary>
    public long At { get; init; }
    public required string Data { get; init; }
}
