using Microsoft.EntityFrameworkCore;
using Xiangyun.Operations.Alarms;
using Xiangyun.Operations.Webhook;
using Xiangyun.Store;

namespace Xiangyun.Operations;

internal sealed class OperationsDb(DbContextOptions<OperationsDb> options) : ModuleContext(options)
{
    public DbSet<AlarmRow> Alarms => Set<AlarmRow>();
    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<AlarmRow>().ToTable("alarm").HasKey(a => a.Id);
        model.Entity<DeliveryRow>().ToTable("alarm_delivery").HasKey(d => d.Id);
    }
}
