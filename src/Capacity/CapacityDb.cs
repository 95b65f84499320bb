using Microsoft.EntityFrameworkCore;
using Xiangyun.Capacity.Advice;
using Xiangyun.Capacity.Forecasting;
using Xiangyun.Capacity.Idle;
using Xiangyun.Capacity.Windows;
using Xiangyun.Store;

namespace Xiangyun.Capacity;

internal sealed class CapacityDb(DbContextOptions<CapacityDb> options) : ModuleContext(options)
{
    public DbSet<AdviceRow> Advice => Set<AdviceRow>();
    public DbSet<WindowRow> Windows => Set<WindowRow>();
    public DbSet<IdleRow> Idle => Set<IdleRow>();
    public DbSet<DayRow> Days => Set<DayRow>();
    public DbSet<GrowthRow> Growth => Set<GrowthRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<AdviceRow>().ToTable("capacity_advice").HasKey(r => r.Id);
        model.Entity<WindowRow>().ToTable("capacity_window").HasKey(r => r.NodeId);
        model.Entity<IdleRow>().ToTable("capacity_idle").HasKey(r => r.Id);
        model.Entity<DayRow>().ToTable("capacity_day").HasKey(r => new { r.Zone, r.Resource, r.Day });
        model.Entity<GrowthRow>().ToTable("capacity_growth").HasKey(r => new { r.DomainId, r.Day });
    }
}
