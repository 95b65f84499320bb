using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Compute.Usage;

/// <summary>Servers and what they were given, by project.</summary>
internal sealed class ServerFigures : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var rows = await q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null).GroupBy(s => s.ProjectId).Select(g => new { Project = g.Key, Count = g.Count(), Cores = g.Sum(s => (long)s.Vcpus), Ram = g.Sum(s => (long)s.RamMib) }).ToListAsync();
        return
        [
            new("servers", rows.Sum(r => r.Count), "servers", "/servers?f.all=1") { Shares = rows.ToDictionary(r => r.Project, r => (double)r.Count) },
            new("servers.vcpus", rows.Sum(r => r.Cores), "vCPU", "/servers?f.all=1") { Shares = rows.ToDictionary(r => r.Project, r => (double)r.Cores) },
            new("servers.memory_gib", rows.Sum(r => r.Ram) / 1024.0, "GiB", "/servers?f.all=1"),
        ];
    }
}
