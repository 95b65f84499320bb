using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Wire;

namespace Xiangyun.Network.SubnetPools;

/// <summary>What a subnet pool may look like, and which cidr it gives next. No database.</summary>
internal static class PrefixRules
{
    public static List<Cidr> Read(Fields fields)
    {
        var prefixes = (fields.TextsOr("prefixes") ?? []).Select(SubnetRules.Cidr).Distinct().OrderBy(p => p.Network.Number).ToList();
        if (prefixes.Count == 0) throw CloudError.Invalid("Invalid input for prefixes. Reason: give at least one cidr.", "HTTPBadRequest");
        if (prefixes.Any(p => p.Version != prefixes[0].Version)) throw CloudError.Invalid("Cannot mix IPv4 and IPv6 prefixes in a subnet pool.", "PrefixVersionMismatch");
        return Merge(prefixes);
    }

    /// <summary>Without those that lie inside another.</summary>
    public static List<Cidr> Merge(IEnumerable<Cidr> prefixes)
    {
        var merged = new List<Cidr>();
        foreach (var one in prefixes.OrderBy(p => p.Network.Number).ThenBy(p => p.Prefix))
            if (!merged.Any(m => m.Overlaps(one))) merged.Add(one);
        return merged;
    }

    public static List<Cidr> Of(SubnetPoolRow row) => [.. JsonText.List<string>(row.Prefixes).Select(Cidr.Of)];

    public static string Text(IEnumerable<Cidr> prefixes) => JsonText.Write(prefixes.Select(p => p.ToString()).ToList());

    public static void Apply(Actor actor, SubnetPoolRow row, Fields fields)
    {
        var bits = row.IpVersion == 4 ? 32 : 128;
        Owner.AdminOnly(actor, fields, "is_default");
        if (fields.FlagOr("shared") is { } shared)
        {
            if (shared && !actor.IsAdmin) throw CloudError.Forbidden("Only an administrator may share a subnet pool.", "PolicyNotAuthorized");
            row.Shared = shared;
        }
        Shown.Naming(row, fields);
        row.IsDefault = fields.FlagOr("is_default") ?? row.IsDefault;
        row.MinPrefix = (int)(fields.NumberOr("min_prefixlen", 0, bits) ?? row.MinPrefix);
        row.MaxPrefix = (int)(fields.NumberOr("max_prefixlen", 0, bits) ?? row.MaxPrefix);
        row.DefaultPrefix = (int)(fields.NumberOr("default_prefixlen", 0, bits) ?? Math.Max(row.DefaultPrefix, row.MinPrefix));
        if (fields.Has("default_quota")) row.DefaultQuota = (int?)fields.NumberOr("default_quota", 0, int.MaxValue);
        if (row.MinPrefix > row.MaxPrefix || row.DefaultPrefix < row.MinPrefix || row.DefaultPrefix > row.MaxPrefix)
            throw CloudError.Invalid($"Illegal prefix bounds: min_prefixlen={row.MinPrefix}, default_prefixlen={row.DefaultPrefix}, max_prefixlen={row.MaxPrefix}; they must rise in this order.", "IllegalSubnetPoolPrefixBounds");
    }

    public static int Length(SubnetPoolRow pool, long? wanted)
    {
        var length = (int)(wanted ?? pool.DefaultPrefix);
        if (length < pool.MinPrefix) throw CloudError.Invalid($"Unable to allocate subnet with prefix length {length}, minimum allowed prefix is {pool.MinPrefix}.", "MinPrefixSubnetAllocationError");
        if (length > pool.MaxPrefix) throw CloudError.Invalid($"Unable to allocate subnet with prefix length {length}, maximum allowed prefix is {pool.MaxPrefix}.", "MaxPrefixSubnetAllocationError");
        return length;
    }

    /// <summary>The first network of this size that no other overlaps; null = none is left.</summary>
    public static Cidr? Next(IReadOnlyList<Cidr> prefixes, IReadOnlyCollection<Cidr> taken, int length)
    {
        foreach (var prefix in prefixes.Where(p => p.Prefix <= length))
        {
            var candidate = new Cidr(prefix.Network, length);
            while (prefix.Holds(candidate.Network))
            {
                var inTheWay = taken.Where(t => t.Overlaps(candidate)).ToList();
                if (inTheWay.Count == 0) return candidate;
                var behind = inTheWay.Select(t => t.Broadcast).Append(candidate.Broadcast).MaxBy(ip => ip.Number) + 1;
                if (behind.Number == 0) break;
                candidate = new Cidr(behind, length);
                candidate = Cidr.Parse(candidate.ToString())!.Value is var aligned && aligned.Network < behind ? new Cidr(aligned.Broadcast + 1, length) : candidate;
            }
        }
        return null;
    }
}
