using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.SubnetPools;

internal static class SubnetPoolStore
{
    public static IQueryable<SubnetPoolRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().SubnetPools.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId || r.Shared || shared.Contains(r.Id));
    }

    /// <summary>The cidr of a new subnet: the one given, or one from a pool, which then remembers it.</summary>
    public static async Task<(Cidr Cidr, string? Pool)> Cidr(Tx tx, Actor actor, string projectId, string networkId, Fields fields)
    {
        var version = fields.NumberOr("ip_version", 4, 6);
        if (version == 5) throw CloudError.Invalid("Invalid input for ip_version. Reason: '5' is not in [4, 6].", "HTTPBadRequest");
        var (given, poolId, length) = (fields.TextOr("cidr") is { } text ? SubnetRules.Cidr(text) : (Cidr?)null, fields.TextOr("subnetpool_id"), fields.NumberOr("prefixlen", 0, 128));
        if (given is { } cidr && version is { } wanted && cidr.Version != wanted)
            throw CloudError.Invalid($"Invalid input for operation: ip_version {wanted} does not fit the cidr {cidr}.", "InvalidInput");
        if (fields.FlagOr("use_default_subnetpool") == true)
            poolId = await Visible(tx, actor).Where(p => p.IsDefault && p.IpVersion == (version ?? 4)).Select(p => p.Id).FirstOrDefaultAsync()
                ?? throw CloudError.NotFound($"No default subnetpool for IPv{version ?? 4} found.", "DefaultSubnetPoolNotFound");
        await Affinity(tx, networkId, given?.Version ?? (int)(version ?? 4), poolId);
        if (poolId is null)
            return (given ?? throw CloudError.Invalid("Bad subnets request: a subnetpool must be specified in the absence of a cidr.", "BadRequest"), null);
        var pool = await Visible(tx, actor).SingleOrDefaultAsync(p => p.Id == poolId) ?? throw NotFound.Of("SubnetPoolNotFound", "Subnet pool", poolId);
        if ((given?.Version ?? version ?? pool.IpVersion) != pool.IpVersion) throw CloudError.Invalid("Bad subnets request: ip_version of the subnet and of its pool differ.", "BadRequest");
        await tx.Lock("subnetpool:" + (pool.AddressScopeId ?? pool.Id));
        var taken = await Taken(tx, pool.Id);
        var chosen = given is { } exactly ? Exactly(pool, exactly, taken) : PrefixRules.Next(PrefixRules.Of(pool), taken, PrefixRules.Length(pool, length))
            ?? throw CloudError.Conflict($"Failed to allocate subnet: Insufficient prefix space to allocate subnet size /{PrefixRules.Length(pool, length)}.", "SubnetAllocationError");
        await CheckQuota(tx, pool, projectId, chosen);
        return (chosen, pool.Id);
    }

    private static Cidr Exactly(SubnetPoolRow pool, Cidr wanted, IReadOnlyCollection<Cidr> taken)
    {
        PrefixRules.Length(pool, wanted.Prefix);
        return PrefixRules.Of(pool).Any(p => p.Prefix <= wanted.Prefix && p.Holds(wanted.Network)) && !taken.Any(t => t.Overlaps(wanted)) ? wanted
            : throw CloudError.Conflict($"Failed to allocate subnet: Cannot allocate requested subnet {wanted} from the available set of prefixes.", "SubnetAllocationError");
    }

    public static async Task<List<Cidr>> Taken(Query q, string poolId) =>
        [.. (await q.Db<NetworkDb>().Subnets.Where(s => s.SubnetPoolId == poolId).Select(s => s.Cidr).ToListAsync()).Select(Subnets.Cidr.Of)];

    private static async Task CheckQuota(Tx tx, SubnetPoolRow pool, string projectId, Cidr chosen)
    {
        if (pool.DefaultQuota is not { } most) return;
        var used = (await tx.Db<NetworkDb>().Subnets.Where(s => s.SubnetPoolId == pool.Id && s.ProjectId == projectId).Select(s => s.Cidr).ToListAsync()).Sum(c => Units(Subnets.Cidr.Of(c)));
        if (used + Units(chosen) > most) throw CloudError.OverLimit($"Per-tenant subnet pool prefix quota exceeded: {used} of {most} are used and {chosen} needs {Units(chosen)}.", "SubnetPoolQuotaExceeded");
    }

    /// <summary>IPv4 quotas count addresses, IPv6 quotas /64 networks.</summary>
    private static double Units(Cidr cidr) => Math.Pow(2, (cidr.Version == 4 ? 32 : 64) - cidr.Prefix);

    /// <summary>All subnets of one version in a network come from one pool, or none does: or their scope would be unclear.</summary>
    private static async Task Affinity(Tx tx, string networkId, int version, string? poolId)
    {
        if (poolId is not null && await tx.Db<NetworkDb>().Subnets.AnyAsync(s => s.NetworkId == networkId && s.IpVersion == version && s.SubnetPoolId != null && s.SubnetPoolId != poolId))
            throw CloudError.Invalid("Subnets hosted on the same network must be allocated from the same subnet pool.", "NetworkSubnetPoolAffinityError");
    }
}
