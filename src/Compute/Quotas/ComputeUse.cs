using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Compute.Quotas;

/// <summary>What servers use, for the quotas that organisations divide.</summary>
internal sealed class ComputeUse : IQuotaUse
{
    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { ["compute.instances"] = "servers", ["compute.cores"] = "vCPU", ["compute.ram"] = "MiB" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects)
    {
        var rows = q.Db<ComputeDb>().Servers.Where(s => projects.Contains(s.ProjectId) && s.DeletedAt == null);
        return resource switch
        {
            "compute.instances" => rows.LongCountAsync(),
            "compute.cores" => rows.SumAsync(s => (long)s.Vcpus),
            _ => rows.SumAsync(s => (long)s.RamMib),
        };
    }
}
