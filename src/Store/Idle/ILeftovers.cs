namespace Xiangyun.Store.Idle;

/// <summary>Something that is kept and that nothing uses.</summary>
/// <param name="Kind">As the recycle bin and protections call it: volume, snapshot, floating_ip.</param>
/// <param name="Since">Since when at least, milliseconds since 1970.</param>
/// <param name="Amount">How much of the quota <paramref name="Resource"/> it takes.</param>
public sealed record Leftover(string Kind, string Id, string? Name, string ProjectId, long Since, string Resource, long Amount);

/// <summary>Each module tells of its own things that nothing uses at this moment: volumes attached to nothing, addresses bound to nothing, snapshots.</summary>
public interface ILeftovers
{
    Task<IReadOnlyList<string>> Projects(Query q);

    Task<IReadOnlyList<Leftover>> Of(Query q, string projectId);
}
