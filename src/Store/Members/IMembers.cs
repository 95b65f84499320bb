namespace Xiangyun.Store.Members;

/// <summary>One thing that something larger (a site) consists of, as it is now.</summary>
/// <param name="Status">In the words of its own service.</param>
/// <param name="Up">It does what it is for.</param>
public sealed record Member(string Kind, string Id, string Name, string ProjectId, string Status, bool Up)
{
    /// <summary>Addresses under which it can be reached from outside.</summary>
    public IReadOnlyList<string> Exposed { get; init; } = [];
}

/// <summary>Each module tells of its own things; whoever asks looks whose they are.</summary>
public interface IMembers
{
    /// <summary>As in requests and protections: server, volume, floating_ip.</summary>
    string Kind { get; }

    /// <summary>Those of the ids that exist and are not being deleted.</summary>
    Task<IReadOnlyList<Member>> Of(Query q, IReadOnlyCollection<string> ids);
}
