using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Fleet.Public;
using Xiangyun.Reconcile;
using Xiangyun.Volume.Actions;
using Xiangyun.Volume.Admin;
using Xiangyun.Volume.Attachments;
using Xiangyun.Volume.Backups;
using Xiangyun.Volume.Groups;
using Xiangyun.Volume.Hosting;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Messages;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Transfers;
using Xiangyun.Volume.Types;
using Xiangyun.Volume.Uploads;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume;

/// <summary>The only thing of this module that the server sees.</summary>
public static class VolumeModule
{
    public static IServiceCollection AddVolume(this IServiceCollection services) => services
        .AddSingleton<VolumeMaker>()
        .AddSingleton<Rebinding>()
        .AddSingleton<IAttached, Attached>()
        .AddSingleton<IVolumes, VolumesFace>()
        .AddSingleton<Store.Quotas.IQuotaUse, Limits.VolumeUse>().AddSingleton<Store.Figures.IFigures, Limits.VolumeFigures>().AddSingleton<Store.Alarms.IAlarmSource, Operations.VolumeAlarms>()
        .AddSingleton<Store.Tasks.ITaskSource, Operations.VolumeTasks>().AddSingleton<Store.Tasks.ITaskSource, Operations.BackupTasks>().AddSingleton<Store.Idle.ILeftovers, Limits.VolumeLeftovers>()
        .AddSingleton<Store.Belongings.IBelongings, Limits.VolumeBelongings>()
        .AddSingleton<Store.Recycling.IRecycled, VolumeRecycling>()
        .AddSingleton<Store.Members.IMembers, VolumeMembers>()
        .AddSingleton<IHostPlanPart, VolumePlans>()
        .AddSingleton<ISeenIntake, VolumeIntake>()
        .AddReconciler<VolumeReconciler>()
        .AddReconciler<UploadReconciler>()
        .AddSingleton<BackupStore>()
        .AddReconciler<BackupReconciler>()
        .AddApi<BackupApi>()
        .AddSingleton<IVolumeActions, SizeActions>()
        .AddSingleton<IVolumeActions, AttachActions>()
        .AddSingleton<IVolumeActions, MarkActions>()
        .AddSingleton<IVolumeActions, UploadActions>()
        .AddSingleton<IVolumeActions, RefillActions>()
        .AddSingleton<GroupStore>()
        .AddApi<GroupTypeApi>()
        .AddApi<GroupApi>()
        .AddApi<GroupSnapshotApi>()
        .AddApi<MessageApi>()
        .AddApi<AttachmentApi>()
        .AddApi<DefaultTypeApi>()
        .AddApi<ClusterApi>()
        .AddApi<FilterApi>()
        .AddApi<RootApi>()
        .AddApi<VolumeApi>()
        .AddSingleton<SnapshotStore>()
        .AddApi<SnapshotApi>()
        .AddApi<TransferApi>()
        .AddApi<MetadataApi>()
        .AddApi<ActionApi>()
        .AddApi<TypeApi>()
        .AddApi<SpecApi>()
        .AddApi<QosApi>()
        .AddApi<QosTypesApi>()
        .AddApi<QuotaApi>()
        .AddApi<HostApi>()
        .AddApi<BackEndApi>();
}
