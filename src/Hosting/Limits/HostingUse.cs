using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Hosting.Limits;

/// <summary>How many sites there are, for the quotas that organisations divide. Where nobody set a number, there is no limit.</summary>
internal sealed class HostingUse : IQuotaUse
{
    public const string Sites = "hosting.sites";

    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { [Sites] = "sites" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects) => Count(q, projects);

    private static Task<long> Count(Query q, IReadOnlyCollection<string> projects) => q.Db<HostingDb>().Sites.LongCountAsync(s => projects.Contains(s.ProjectId));

    /// <summary>Refuses one more.</summary>
    public static async Task Take(Tx tx, string projectId)
    {
        await Quotas.MustHaveRoom(tx, projectId, (Sites, 1));
        await tx.Lock("quota:" + projectId);
        await Quotas.Check(tx, projectId, Sites, await Count(tx, [projectId]), 1, -1);
    }
}
