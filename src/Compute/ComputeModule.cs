using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Aggregates;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Consoles;
using Xiangyun.Compute.Diagnostics;
using Xiangyun.Compute.Events;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Groups;
using Xiangyun.Compute.Hypervisors;
using Xiangyun.Compute.Keypairs;
using Xiangyun.Compute.Metadata;
using Xiangyun.Compute.Proxies;
using Xiangyun.Compute.Quotas;
using Xiangyun.Compute.Servers;
using Xiangyun.Compute.Tags;
using Xiangyun.Compute.Usage;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ComputeModule
{
    public static IServiceCollection AddCompute(this IServiceCollection services, ComputeOptions options) => services
        .AddSingleton(options).AddSingleton<ConsoleSeal>()
        .AddSingleton<ServerView>().AddSingleton<ServerFilters>().AddSingleton<BootDisks>().AddSingleton<ServerBuilder>().AddSingleton<ServerRemoval>().AddSingleton<ServerRecycling>().AddSingleton<Store.Recycling.IRecycled>(p => p.GetRequiredService<ServerRecycling>())
        .AddSingleton<Moving>().AddSingleton<VolumeSwap>().AddSingleton<ResizeActions>().AddSingleton<MoveActions>().AddSingleton<LiveMoves>().AddSingleton<RescueActions>().AddSingleton<ShelveActions>().AddSingleton<AddressActions>().AddSingleton<GuestActions>()
        .AddSingleton<IImageSource, MovingDisks>()
        .AddSingleton<PowerActions>().AddSingleton<RebuildAction>().AddSingleton<Snapshot>().AddSingleton<ConsoleAction>().AddSingleton<GroupActions>()
        .AddSingleton<IHostPlanPart, ServerPlans>().AddSingleton<ISeenIntake, ServerReports>()
        .AddSingleton<GroupPlacement>().AddSingleton<ComputeHosts>().AddSingleton<AggregateHosts>().AddSingleton<Public.IServers, PlacedServers>()
        .AddSingleton<Store.Quotas.IQuotaUse, Quotas.ComputeUse>().AddSingleton<Store.Figures.IFigures, Usage.ServerFigures>().AddSingleton<Store.Alarms.IAlarmSource, Operations.ServerAlarms>().AddSingleton<Store.Tasks.ITaskSource, Operations.ServerTasks>().AddApi<Usage.TelemetryApi>().AddSingleton<Store.Belongings.IBelongings, Usage.ComputeBelongings>().AddSingleton<Store.Members.IMembers, ServerMembers>().AddReconciler<ServerReconciler>().AddReconciler<SnapshotReconciler>().AddApi<Usage.ProfileApi>().AddSingleton<Public.IServerFacts, Usage.Facts>()
        .AddSingleton(provider => new ChangeRoute(IPorts.PortChanged, ServerStore.WorkKind, (q, id) => ServerOfPort(provider.GetRequiredService<IPorts>(), q, id)))
        .AddApi<HypervisorApi>().AddApi<FlavorApi>().AddApi<KeypairApi>().AddApi<ServerApi>().AddApi<ActionApi>().AddApi<MetadataApi>()
        .AddApi<ConsoleAction>().AddSingleton<IVolumeHolders, VolumeHolders>()
        .AddApi<VolumeAttachmentApi>().AddApi<InterfaceApi>().AddApi<QuotaApi>().AddApi<UsageApi>()
        .AddApi<VersionApi>().AddApi<ServiceApi>().AddApi<HostApi>().AddApi<GoneApi>().AddApi<AggregateApi>().AddApi<ZoneApi>().AddApi<GroupApi>().AddApi<TagApi>()
        .AddApi<LimitsApi>().AddApi<AuditLogApi>().AddApi<ExternalEventApi>().AddApi<InstanceActionApi>().AddApi<MigrationApi>().AddApi<DiagnosticsApi>().AddApi<PasswordApi>()
        .AddApi<ExtensionApi>().AddApi<NetworkApi>().AddApi<SecurityGroupApi>().AddApi<FloatingIpApi>().AddApi<VolumeApi>().AddApi<ImageApi>().AddApi<ImageMetadataApi>();

    /// <summary>Only servers that still wait for their ports care.</summary>
    private static async Task<IReadOnlyList<string>> ServerOfPort(IPorts ports, Query q, string portId)
    {
        var device = await ports.DeviceOf(q, portId);
        return device is not null && await q.Db<ComputeDb>().Servers.AnyAsync(s => s.Id == device && s.DeletedAt == null) ? [device] : [];
    }
}
