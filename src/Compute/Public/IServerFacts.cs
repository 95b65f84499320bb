using Xiangyun.Store;

namespace Xiangyun.Compute.Public;

/// <summary>A server as modules above see it: what it was given, where it is, what its owner sees of its status.</summary>
public sealed record ServerFacts
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string ProjectId { get; init; }
    public string? HostId { get; init; }
    public required string Zone { get; init; }
    public required string FlavorId { get; init; }
    public int Vcpus { get; init; }
    public int RamMib { get; init; }
    public int DiskGib { get; init; }
    /// <summary>Nova's word: ACTIVE, SHUTOFF, VERIFY_RESIZE ...</summary>
    public required string Status { get; init; }
    /// <summary>What its host cannot do; null = nothing.</summary>
    public string? Fault { get; init; }
    public bool Locked { get; init; }
    public long CreatedAt { get; init; }
    /// <summary>Its owner wants it stopped or shelved, since then; null = it runs.</summary>
    public long? StoppedAt { get; init; }
}

/// <param name="Projects">Who may use it; null = everybody.</param>
public sealed record FlavorView(string Id, string Name, int Vcpus, int RamMib, int DiskGib, int EphemeralGib, int SwapMib, string ExtraSpecs, IReadOnlySet<string>? Projects)
{
    public bool For(string projectId) => Projects is null || Projects.Contains(projectId);
}

/// <summary>Reads only: whoever wants something of a server asks Nova's own handlers.</summary>
public interface IServerFacts
{
    /// <summary>Projects that have servers.</summary>
    Task<IReadOnlyList<string>> Projects(Query q);

    /// <summary>Those of one project, or all; without what is deleted or in the recycle bin.</summary>
    Task<IReadOnlyList<ServerFacts>> All(Query q, string? projectId = null);

    Task<ServerFacts?> Find(Query q, string id);

    Task<IReadOnlyList<FlavorView>> Flavors(Query q);
}
