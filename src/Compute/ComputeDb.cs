using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Keypairs;
using Xiangyun.Compute.Servers;
using Xiangyun.Store;

namespace Xiangyun.Compute;

internal sealed class ComputeDb(DbContextOptions<ComputeDb> options) : ModuleContext(options)
{
    public DbSet<FlavorRow> Flavors => Set<FlavorRow>();
    public DbSet<FlavorAccessRow> FlavorAccess => Set<FlavorAccessRow>();
    public DbSet<KeypairRow> Keypairs => Set<KeypairRow>();
    public DbSet<ServerRow> Servers => Set<ServerRow>();
    public DbSet<SnapshotRow> Snapshots => Set<SnapshotRow>();
    public DbSet<PlaceRow> Places => Set<PlaceRow>();
    public DbSet<MigrationRow> Migrations => Set<MigrationRow>();
    public DbSet<DeviceTagRow> DeviceTags => Set<DeviceTagRow>();
    public DbSet<ServerActionRow> Actions => Set<ServerActionRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<FlavorRow>(e => { e.ToTable("flavor").HasKey(r => r.Id); e.Property(r => r.IsPublic).HasConversion<long>(); });
        model.Entity<FlavorAccessRow>().ToTable("flavor_access").HasKey(r => new { r.FlavorId, r.ProjectId });
        model.Entity<KeypairRow>().ToTable("keypair").HasKey(r => new { r.UserId, r.Name });
        model.Entity<ServerRow>(e =>
        {
            e.ToTable("server").HasKey(r => r.Id);
            e.Property(r => r.RebootHard).HasConversion<long>();
            e.Property(r => r.Locked).HasConversion<long>();
            e.Property(r => r.ConfigDrive).HasConversion<long>();
            e.Property(r => r.Shelved).HasConversion<long>();
            e.Property(r => r.ShelfFull).HasConversion<long>();
            e.Property(r => r.RescueImageSha512).HasColumnName("rescue_image_sha512");
            e.Property(r => r.DiskImageSha512).HasColumnName("disk_image_sha512");
            e.Property(r => r.AccessIpv4).HasColumnName("access_ipv4");
            e.Property(r => r.AccessIpv6).HasColumnName("access_ipv6");
            e.Property(r => r.ImageSha512).HasColumnName("image_sha512");
        });
        model.Entity<SnapshotRow>().ToTable("server_snapshot").HasKey(r => r.ImageId);
        model.Entity<PlaceRow>().ToTable("server_place").HasKey(r => new { r.ServerId, r.HostId });
        model.Entity<MigrationRow>().ToTable("server_migration").HasKey(r => r.Id);
        model.Entity<DeviceTagRow>().ToTable("server_device_tag").HasKey(r => new { r.ServerId, r.Kind, r.DeviceId });
        model.Entity<ServerActionRow>().ToTable("server_action").HasKey(r => r.Id);
    }
}
