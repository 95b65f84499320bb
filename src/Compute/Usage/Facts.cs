using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Compute.Servers;
using Xiangyun.Store;

namespace Xiangyun.Compute.Usage;

/// <summary>What modules above may know of servers and flavors.</summary>
internal sealed class Facts : IServerFacts
{
    private static IQueryable<ServerRow> Rows(Query q) => q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null && s.RecycledAt == null && s.Want != Power.Gone);

    public async Task<IReadOnlyList<string>> Projects(Query q) => await Rows(q).Select(s => s.ProjectId).Distinct().ToListAsync();

    public async Task<IReadOnlyList<ServerFacts>> All(Query q, string? projectId = null) =>
        (await Rows(q).Where(s => projectId == null || s.ProjectId == projectId).OrderBy(s => s.Id).ToListAsync()).ConvertAll(Of);

    public async Task<ServerFacts?> Find(Query q, string id) => await Rows(q).SingleOrDefaultAsync(s => s.Id == id) is { } row ? Of(row) : null;

    public async Task<IReadOnlyList<FlavorView>> Flavors(Query q)
    {
        var access = (await q.Db<ComputeDb>().FlavorAccess.ToListAsync()).ToLookup(a => a.FlavorId, a => a.ProjectId);
        return (await q.Db<ComputeDb>().Flavors.OrderBy(f => f.Id).ToListAsync()).ConvertAll(f => new FlavorView(f.Id, f.Name, f.Vcpus, f.RamMib, f.DiskGib, f.EphemeralGib, f.SwapMib, f.ExtraSpecs, f.IsPublic ? null : access[f.Id].ToHashSet()));
    }

    private static ServerFacts Of(ServerRow s) => new()
    {
        Id = s.Id, Name = s.Name, ProjectId = s.ProjectId, HostId = s.HostId, Zone = s.Zone, FlavorId = s.FlavorId, Vcpus = s.Vcpus, RamMib = s.RamMib, DiskGib = s.DiskGib, Status = ServerStatus.Of(s).Status,
        Fault = s.Fault ?? s.SeenFault, Locked = s.Locked, CreatedAt = s.CreatedAt, StoppedAt = s.Shelved ? s.ShelvedAt ?? s.WantedAt : s.Want == Power.Stopped && s.Seen == Power.Stopped ? s.WantedAt : null,
    };
}
