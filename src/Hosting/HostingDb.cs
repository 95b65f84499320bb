using Microsoft.EntityFrameworkCore;
using Xiangyun.Hosting.Sites;
using Xiangyun.Store;

namespace Xiangyun.Hosting;

internal sealed class HostingDb(DbContextOptions<HostingDb> options) : ModuleContext(options)
{
    public DbSet<SiteRow> Sites => Set<SiteRow>();
    public DbSet<HostNameRow> HostNames => Set<HostNameRow>();
    public DbSet<SiteMemberRow> Members => Set<SiteMemberRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<SiteRow>().ToTable("site").HasKey(r => r.Id);
        model.Entity<SiteRow>().Property(r => r.Generation).IsConcurrencyToken();
        model.Entity<HostNameRow>().ToTable("site_host_name").HasKey(r => r.Name);
        model.Entity<SiteMemberRow>().ToTable("site_member").HasKey(r => new { r.SiteId, r.Kind, r.ObjectId });
    }
}
