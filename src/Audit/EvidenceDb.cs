using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Audit;

/// <summary>What vouches for the audit log: keys, heads and stubs. The records themselves belong to Store.</summary>
internal sealed class EvidenceDb(DbContextOptions<EvidenceDb> options) : ModuleContext(options)
{
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<HeadRow> Heads => Set<HeadRow>();
    public DbSet<StubRow> Stubs => Set<StubRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<KeyRow>().ToTable("audit_key").HasKey(k => k.Number);
        model.Entity<HeadRow>().ToTable("audit_head").HasKey(h => h.Seq);
        model.Entity<StubRow>().ToTable("audit_stub").HasKey(s => s.Seq);
        model.Entity<KeyRow>().Property(k => k.Number).ValueGeneratedNever();
        model.Entity<HeadRow>().Property(h => h.Seq).ValueGeneratedNever();
        model.Entity<StubRow>().Property(s => s.Seq).ValueGeneratedNever();
    }
}
