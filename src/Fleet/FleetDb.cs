using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Power;
using Xiangyun.Store;

namespace Xiangyun.Fleet;

internal sealed class FleetDb(DbContextOptions<FleetDb> options) : ModuleContext(options)
{
    public DbSet<HostRow> Hosts => Set<HostRow>();

    public DbSet<BmcRow> Bmcs => Set<BmcRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<BmcRow>().ToTable("host_bmc").HasKey(r => r.HostId);
        model.Entity<HostRow>(Host);
    }

    private static void Host(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<HostRow> e)
    {
        e.ToTable("host").HasKey(r => r.Id);
        e.Property(r => r.Enabled).HasConversion<long>();
        e.Property(r => r.Simulated).HasConversion<long>();
        e.Property(r => r.PowerWanted).HasConversion(p => PowerWords.Of(p), w => PowerWords.Read(w));
        e.Property(r => r.PowerSeen).HasConversion(p => PowerWords.Of(p), w => PowerWords.Read(w));
    }
}
