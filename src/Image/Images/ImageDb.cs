using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Imports;
using Xiangyun.Image.Metadefs;
using Xiangyun.Store;

namespace Xiangyun.Image.Images;

internal sealed class ImageDb(DbContextOptions<ImageDb> options) : ModuleContext(options)
{
    public DbSet<ImageRow> Images => Set<ImageRow>();
    public DbSet<PropertyRow> Properties => Set<PropertyRow>();
    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<MemberRow> Members => Set<MemberRow>();
    public DbSet<TaskRow> Tasks => Set<TaskRow>();
    public DbSet<NamespaceRow> Namespaces => Set<NamespaceRow>();
    public DbSet<EntryRow> Entries => Set<EntryRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ImageRow>().ToTable("image").HasKey(r => r.Id);
        model.Entity<PropertyRow>().ToTable("image_property").HasKey(r => new { r.ImageId, r.Name });
        model.Entity<TagRow>().ToTable("image_tag").HasKey(r => new { r.ImageId, r.Tag });
        model.Entity<MemberRow>().ToTable("image_member").HasKey(r => new { r.ImageId, r.MemberId });
        model.Entity<TaskRow>().ToTable("image_task").HasKey(r => r.Id);
        model.Entity<NamespaceRow>().ToTable("metadef_namespace").HasKey(r => r.Id);
        model.Entity<EntryRow>().ToTable("metadef_entry").HasKey(r => new { r.NamespaceId, r.Kind, r.Name });
    }
}
