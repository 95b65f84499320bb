using System.Globalization;
using System.Text.Json.Serialization;
using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>An aggregate with its zone. What the integration did to an old data centre stands in its metadata, so it outlives whoever did it.</summary>
public sealed record Aggregate(int Id, string Name, string? AvailabilityZone, Dictionary<string, string> Metadata);

/// <summary>One old data centre as it is now: a zone of its own hosts.</summary>
public sealed record Island(Aggregate Aggregate, IReadOnlyList<Host> Hosts, IReadOnlyList<Server> Servers)
{
    /// <summary>Keys of the aggregate's metadata.</summary>
    public const string ClosedKey = "integrated_at", UseKey = "use_before_pct", MovedKey = "servers_moved", WattsKey = "watts_before";
    /// <summary>Of the cloud's aggregate alone: the energy counter's time at the first step, and what it had counted of that hour.</summary>
    public const string CountedKey = "energy_counted_at", ReadingKey = "energy_counted_kwh", SecondsKey = "energy_counted_s";

    public string Zone => Aggregate.AvailabilityZone!;
    public int On => Hosts.Count(Standing.InUse);
    public double? Use => Standing.UseOf(Hosts);
    public int Vcpus => Servers.Sum(s => s.Flavor?.Vcpus ?? 0);
    public int RamMib => Servers.Sum(s => s.Flavor?.Ram ?? 0);
    public bool Closed => Servers.Count == 0 && Hosts.All(h => !h.Enabled);
    public bool Begun => !Closed && Hosts.Any(h => !h.Enabled);
    public DateTimeOffset? ClosedAt => Time(ClosedKey);
    /// <summary>Per cent, measured when it began to move.</summary>
    public double? UseBefore => Number(UseKey);
    /// <summary>What its hosts drew when it began to move; in the cloud's aggregate: what all hosts drew when the first one did.</summary>
    public double? WattsBefore => Number(WattsKey);
    public int? Moved => Aggregate.Metadata.TryGetValue(MovedKey, out var moved) && int.TryParse(moved, out var count) ? count : null;

    internal DateTimeOffset? Time(string key) => Aggregate.Metadata.TryGetValue(key, out var at) && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var when) ? when : null;

    internal double? Number(string key) => Aggregate.Metadata.TryGetValue(key, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The whole estate between thirty islands and one cloud, as its own APIs tell it at one moment.</summary>
public sealed record Standing(DateTimeOffset At, IReadOnlyList<Island> Islands, Island Cloud)
{
    /// <summary>The zone that everything moves to.</summary>
    public const string CloudZone = "gov-cloud";

    public IEnumerable<Host> Hosts => Islands.SelectMany(i => i.Hosts).Concat(Cloud.Hosts);
    public int On => Hosts.Count(InUse);
    public int Closed => Islands.Count(i => i.Closed);
    public int Retired => Islands.Where(i => i.Closed).Sum(i => i.Hosts.Count);
    /// <summary>Mean CPU use of the hosts in use, each by its size; as they reported it last. Null: none reports.</summary>
    public double? Use => UseOf(Hosts);
    /// <summary>Hours that closed hosts would have been on.</summary>
    public double HostHours => Islands.Where(i => i is { Closed: true, ClosedAt: not null }).Sum(i => (At - i.ClosedAt!.Value).TotalHours * i.Hosts.Count);

    /// <summary>A host in use answers, and takes servers or carries some.</summary>
    public static bool InUse(Host h) => h.Alive && (h.Enabled || h.RunningServers > 0);

    public static double? UseOf(IEnumerable<Host> hosts)
    {
        var on = hosts.Where(InUse).ToList();
        return on.Sum(h => h.Vcpus) is > 0 and var vcpus ? on.Sum(h => h.CpuPercent * h.Vcpus) / vcpus : null;
    }

    /// <returns>null: this estate has no such story, because a host is real, or there is no cloud to move to.</returns>
    public static Standing? Of(DateTimeOffset at, IReadOnlyList<Aggregate> aggregates, IReadOnlyList<Host> hosts, IReadOnlyList<Server> servers)
    {
        if (hosts.Any(h => !h.Simulated)) return null;
        var (byZone, byHost) = (hosts.ToLookup(h => h.Zone), servers.ToLookup(s => s.Host));
        var zones = aggregates.Where(a => a.AvailabilityZone is not null && byZone.Contains(a.AvailabilityZone)).OrderBy(a => a.Id)
            .Select(a => new Island(a, [.. byZone[a.AvailabilityZone!]], [.. byZone[a.AvailabilityZone!].SelectMany(h => byHost[h.Name])])).ToList();
        return zones.SingleOrDefault(z => z.Zone == CloudZone) is { } cloud && zones.Count > 1 ? new Standing(at, [.. zones.Where(z => z != cloud)], cloud) : null;
    }
}

/// <summary>A live migration or another move, as Nova lists them.</summary>
public sealed record MoveRecord(string Uuid, string InstanceUuid, string Status, string? SourceCompute, string? DestCompute, [property: JsonPropertyName("migration_type")] string? Kind);
