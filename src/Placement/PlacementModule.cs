using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Allocations;
using Xiangyun.Placement.Candidates;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Public;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement;

/// <summary>The only thing of this module that the server sees.</summary>
public static class PlacementModule
{
    public static IServiceCollection AddPlacement(this IServiceCollection services) => services
        .AddSingleton<Verdicts>().AddSingleton<IRooms, Rooms>().AddSingleton<AllocationBook>().AddSingleton<IAllocations>(p => p.GetRequiredService<AllocationBook>()).AddSingleton<IHostLoads, HostLoads>().AddSingleton<IHostHold>(p => p.GetRequiredService<AllocationBook>())
        .AddReconciler<HostProvider>()
        .AddSingleton(new ChangeRoute(FleetWork.HostChanged, HostProvider.WorkKind, (_, id) => Task.FromResult<IReadOnlyList<string>>([id])))
        .AddApi<ProviderApi>().AddApi<InventoryApi>().AddApi<AllocationApi>().AddApi<UsageApi>().AddApi<CandidateApi>().AddApi<ExplainApi>().AddApi<ClassApi>().AddApi<TraitApi>();
}
