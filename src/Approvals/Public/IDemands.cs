using Xiangyun.Store;

namespace Xiangyun.Approvals.Public;

/// <summary>What organisations want others to decide about: whoever does something in somebody's name asks first.</summary>
public interface IDemands
{
    /// <summary>A request is demanded for what adds this much to the project's quotas.</summary>
    Task<bool> Covers(Query q, string projectId, IReadOnlyDictionary<string, long> adds);

    /// <summary>A second person confirms the deletion of such a thing (server, volume, snapshot, floating_ip ...).</summary>
    Task<bool> CoversDeletion(Query q, string projectId, string kind);

    /// <summary>Somebody wants it kept; the reason, possibly empty. null = it is not protected.</summary>
    Task<string?> Protection(Query q, string kind, string id);
}

/// <param name="PerUnit">Hundredths of the currency for 30 days, by quota: <c>compute.cores</c> (a vCPU), <c>compute.ram</c> (a MiB), <c>volume.gigabytes</c> (a GiB), <c>network.floatingip</c>.</param>
public sealed record PriceList(string Currency, IReadOnlyDictionary<string, long> PerUnit)
{
    public long Of(string resource, long amount) => amount * PerUnit.GetValueOrDefault(resource);
}

/// <summary>The cloud's price list, as its administrator set it.</summary>
public interface IPrices
{
    Task<PriceList> Now(Query q);
}
