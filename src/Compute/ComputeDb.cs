using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Aggregates;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Groups;
using Xiangyun.Compute.Hypervisors;
using Xiangyun.Compute.Keypairs;
using Xiangyun.Compute.Numbers;
using Xiangyun.Compute.Servers;
using Xiangyun.Compute.Tags;
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
    public DbSet<RetiredFlavorRow> RetiredFlavors => Set<RetiredFlavorRow>();
    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<GroupMemberRow> GroupMembers => Set<GroupMemberRow>();
    public DbSet<NumberRow> Numbers => Set<NumberRow>();
    public DbSet<ComputeHostRow> ComputeHosts => Set<ComputeHostRow>();
    public DbSet<AggregateRow> Aggregates => Set<AggregateRow>();
    public DbSet<AggregateHostRow> AggregateHosts => Set<AggregateHostRow>();

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
        model.Entity<PlaceRow>(e => { e.ToTable("server_place").HasKey(r => new { r.ServerId, r.HostId }); e.Property(r => r.Awaited).HasConversion<long>(); });
        model.Entity<MigrationRow>().ToTable("server_migration").HasKey(r => r.Id);
        model.Entity<DeviceTagRow>().ToTable("server_device_tag").HasKey(r => new { r.ServerId, r.Kind, r.DeviceId });
        model.Entity<ServerActionRow>().ToTable("server_action").HasKey(r => r.Id);
        model.Entity<RetiredFlavorRow>().ToTable("retired_flavor").HasKey(r => r.Id);
        model.Entity<TagRow>().ToTable("server_tag").HasKey(r => new { r.ServerId, r.Tag });
        model.Entity<GroupRow>().ToTable("server_group").HasKey(r => r.Id);
        model.Entity<GroupMemberRow>().ToTable("server_group_member").HasKey(r => r.ServerId);
        model.Entity<NumberRow>().ToTable("compute_number").HasKey(r => r.Kind);
        model.Entity<ComputeHostRow>(e => { e.ToTable("compute_host").HasKey(r => r.HostId); e.Property(r => r.ForcedDown).HasConversion<long>(); });
        model.Entity<AggregateRow>(e => { e.ToTable("aggregate").HasKey(r => r.Id); e.Property(r => r.Id).ValueGeneratedNever(); });
        model.Entity<AggregateHostRow>().ToTable("aggregate_host").HasKey(r => new { r.AggregateId, r.HostId });
    }
}
