using System.Text.Json.Serialization;
using Xiangyun.Store;

namespace Xiangyun.Placement.Public;

/// <summary>What somebody needs on one host. Resources by class: VCPU, MEMORY_MB, DISK_GB.</summary>
public sealed record Demand
{
    public required string ConsumerId { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public required IReadOnlyDictionary<string, long> Resources { get; init; }
    public string? Arch { get; init; }
    public string? Zone { get; init; }
    /// <summary>Only these hosts (ids) may be taken; null = all.</summary>
    public IReadOnlySet<string>? Only { get; init; }
    /// <summary>Why <see cref="Only"/> is what it is, in plain words, for the explanation.</summary>
    public string? OnlyBecause { get; init; }
    public IReadOnlySet<string> Not { get; init; } = new HashSet<string>();
    public string? NotBecause { get; init; }
    /// <summary>It runs already, elsewhere: taking it in adds nothing to the cloud.</summary>
    public bool Moves { get; init; }
}

/// <summary>What one host says to a demand: fits, or what is missing in plain words ("needs 8192 MiB of memory, 5120 MiB are free").</summary>
public sealed record HostVerdict(string HostId, string HostName, bool Simulated, bool Fits, IReadOnlyList<string> Reasons, double Score)
{
    /// <summary>The same reasons without anything of this host: what those may read who do not run hosts.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Kinds { get; init; } = [];
}

/// <summary>How many hosts have one kind of reason.</summary>
public sealed record Hindrance(string Reason, int Hosts);

public interface IAllocations
{
    /// <summary>Picks the best host and writes the allocation. Throws <c>CloudError</c> NoCapacity whose message says what was missing, as far as the actor may read it.</summary>
    Task<HostVerdict> Claim(Tx tx, Demand demand);

    /// <summary>The same, but answers what every host said (best first); when the first does not fit, nothing was taken.</summary>
    Task<IReadOnlyList<HostVerdict>> TryClaim(Tx tx, Demand demand);

    /// <summary>What one consumer holds is held by another from now on, as while a resize waits for its confirmation.</summary>
    Task Transfer(Tx tx, string fromConsumerId, string toConsumerId);

    /// <summary>The same decision without taking anything.</summary>
    Task<IReadOnlyList<HostVerdict>> Explain(Query q, Demand demand);

    /// <summary>The message of a refusal for everybody: how many hosts had which reason, and neither names nor free room of any.</summary>
    string Words(IReadOnlyList<HostVerdict> verdicts);

    /// <summary>The same for those who run hosts: host by host (the first ones when there are many).</summary>
    string Details(IReadOnlyList<HostVerdict> verdicts);

    IReadOnlyList<Hindrance> Hindrances(IReadOnlyList<HostVerdict> verdicts);

    Task Release(Tx tx, string consumerId);

    /// <returns>Whose every consumer is: project by consumer id.</returns>
    Task<IReadOnlyDictionary<string, string>> Projects(Query q);
}
