using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Volume.Attachments;
using Xiangyun.Volume.Backups;
using Xiangyun.Volume.Groups;
using Xiangyun.Volume.Messages;
using Xiangyun.Volume.Transfers;
using Xiangyun.Volume.Types;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume;

internal sealed class VolumeDb(DbContextOptions<VolumeDb> options) : ModuleContext(options)
{
    public DbSet<VolumeRow> Volumes => Set<VolumeRow>();
    public DbSet<MetadataRow> Metadata => Set<MetadataRow>();
    public DbSet<AttachmentRow> Attachments => Set<AttachmentRow>();
    public DbSet<LeftoverRow> Leftovers => Set<LeftoverRow>();
    public DbSet<UploadRow> Uploads => Set<UploadRow>();
    public DbSet<Operations.VolumeActionRow> Actions => Set<Operations.VolumeActionRow>();
    public DbSet<BackupRow> Backups => Set<BackupRow>();
    public DbSet<TransferRow> Transfers => Set<TransferRow>();
    public DbSet<MessageRow> Messages => Set<MessageRow>();
    public DbSet<GroupTypeRow> GroupTypes => Set<GroupTypeRow>();
    public DbSet<GroupSpecRow> GroupSpecs => Set<GroupSpecRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<GroupVolumeTypeRow> GroupVolumeTypes => Set<GroupVolumeTypeRow>();
    public DbSet<GroupSnapshotRow> GroupSnapshots => Set<GroupSnapshotRow>();
    public DbSet<DefaultTypeRow> DefaultTypes => Set<DefaultTypeRow>();
    public DbSet<TypeRow> Types => Set<TypeRow>();
    public DbSet<SpecRow> Specs => Set<SpecRow>();
    public DbSet<TypeProjectRow> TypeProjects => Set<TypeProjectRow>();
    public DbSet<QosRow> Qos => Set<QosRow>();
    public DbSet<QosSpecRow> QosSpecs => Set<QosSpecRow>();
    public DbSet<TypeQosRow> TypeQos => Set<TypeQosRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<VolumeRow>().ToTable("volume").HasKey(r => r.Id);
        model.Entity<MetadataRow>().ToTable("volume_metadata").HasKey(r => new { r.VolumeId, r.Kind, r.Name });
        model.Entity<AttachmentRow>().ToTable("volume_attachment").HasKey(r => r.Id);
        model.Entity<AttachmentRow>().Ignore(r => r.State);
        model.Entity<LeftoverRow>().ToTable("volume_leftover").HasKey(r => new { r.VolumeId, r.HostId });
        model.Entity<UploadRow>().ToTable("volume_upload").HasKey(r => r.VolumeId);
        model.Entity<Operations.VolumeActionRow>().ToTable("volume_action").HasKey(r => r.Id);
        model.Entity<BackupRow>().ToTable("volume_backup").HasKey(r => r.Id);
        model.Entity<TransferRow>().ToTable("volume_transfer").HasKey(r => r.Id);
        model.Entity<MessageRow>().ToTable("volume_message").HasKey(r => r.Id);
        model.Entity<GroupTypeRow>().ToTable("volume_group_type").HasKey(r => r.Id);
        model.Entity<GroupSpecRow>().ToTable("volume_group_type_spec").HasKey(r => new { r.TypeId, r.Name });
        model.Entity<GroupRow>().ToTable("volume_group").HasKey(r => r.Id);
        model.Entity<GroupVolumeTypeRow>().ToTable("volume_group_volume_type").HasKey(r => new { r.GroupId, r.TypeId });
        model.Entity<GroupSnapshotRow>().ToTable("volume_group_snapshot").HasKey(r => r.Id);
        model.Entity<DefaultTypeRow>().ToTable("volume_default_type").HasKey(r => r.ProjectId);
        model.Entity<TypeRow>().ToTable("volume_type").HasKey(r => r.Id);
        model.Entity<SpecRow>().ToTable("volume_type_spec").HasKey(r => new { r.TypeId, r.Name });
        model.Entity<TypeProjectRow>().ToTable("volume_type_project").HasKey(r => new { r.TypeId, r.ProjectId });
        model.Entity<QosRow>().ToTable("volume_qos").HasKey(r => r.Id);
        model.Entity<QosSpecRow>().ToTable("volume_qos_spec").HasKey(r => new { r.QosId, r.Name });
        model.Entity<TypeQosRow>().ToTable("volume_type_qos").HasKey(r => r.TypeId);
    }
}
