using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Energy;

internal sealed class EnergyDb(DbContextOptions<EnergyDb> options) : ModuleContext(options)
{
    public DbSet<OpenRow> Open => Set<OpenRow>();
    public DbSet<MonthRow> Months => Set<MonthRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<OpenRow>().ToTable("energy_open").HasKey(r => r.Id);
        model.Entity<MonthRow>().ToTable("energy_month").HasKey(r => new { r.Kind, r.Id, r.Month });
    }
}

/// <summary>The hour that is being counted; there is one.</summary>
internal sealed class OpenRow
{
    public required string Id { get; init; }
    /// <summary>Hours since 1970.</summary>
    public long Hour { get; init; }
    public long At { get; init; }
    public required string Data { get; init; }
}

/// <summary>All hours of one month of one host, one project, or the cloud (whose id is <see cref="All"/>).</summary>
internal sealed class MonthRow
{
    public const string Host = "host", Project = "project", Cloud = "cloud", All = "all";
    /// <summary>Processors in use, and those of the hosts that were on: thousandths of them instead of watts.</summary>
    public const string Load = "load", Room = "room";
    /// <summary>Seconds that were counted: an hour in which nobody counted for a while has fewer.</summary>
    public const string Time = "time";

    public required string Kind { get; init; }
    public required string Id { get; init; }
    /// <summary>202611, in UTC.</summary>
    public long Month { get; init; }
    public required string Data { get; init; }
}
