using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Audit;

/// <summary>For reading the audit log; it is written only by <see cref="Tx.Audit"/>.</summary>
public sealed class AuditDb(DbContextOptions<AuditDb> options) : ModuleContext(options)
{
    public DbSet<AuditRow> Audit => Set<AuditRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<AuditRow>().ToTable("audit").HasKey(r => r.Id);
}
