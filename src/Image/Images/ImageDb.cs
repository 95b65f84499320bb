using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Image.Images;

internal sealed class ImageDb(DbContextOptions<ImageDb> options) : ModuleContext(options)
{
    public DbSet<ImageRow> Images => Set<ImageRow>();
    public DbSet<PropertyRow> Properties => Set<PropertyRow>();
    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<MemberRow> Members => Set<MemberRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ImageRow>().ToTable("image").HasKey(r => r.Id);
        model.Entity<PropertyRow>().ToTable("image_property").HasKey(r => new { r.ImageId, r.Name });
        model.Entity<TagRow>().ToTable("image_tag").HasKey(r => new { r.ImageId, r.Tag });
        model.Entity<MemberRow>().ToTable("image_member").HasKey(r => new { r.ImageId, r.MemberId });
    }
}
