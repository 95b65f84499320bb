namespace Xiangyun.Store.Belongings;

/// <summary>Whose things are asked about: a person's, or those of some projects. The other one is null.</summary>
public sealed record Owner(string? UserId, IReadOnlyCollection<string>? ProjectIds);

/// <summary>One thing, as it is shown to whoever decides about a leaver or about the end of an organisation.</summary>
public sealed record Thing(string Id, string? Name, string? ProjectId)
{
    /// <summary>The object through which it is ended, where that is another one.</summary>
    public string? Via { get; init; }
}

/// <summary>The ordinary call that deletes such a thing; <c>{id}</c> and <c>{via}</c> stand for its members.</summary>
public sealed record Ending(string Service, string Method, string Path, string Body = "{}", string? Version = null);

/// <param name="Kind">What it is called in the API of its service: server, volume, floating_ip ...</param>
/// <param name="First">The first of them; <paramref name="Count"/> says how many there are.</param>
/// <param name="End">How each is deleted when its organisation ends; null = it goes with its project.</param>
public sealed record Belongings(string Kind, int Count, IReadOnlyList<Thing> First, Ending? End = null)
{
    /// <summary>Somebody wants these kept: while there is one, the organisation cannot end.</summary>
    public bool Kept { get; init; }
}

/// <summary>Each module that keeps things for people tells of its own.</summary>
public interface IBelongings
{
    public const int Shown = 20;

    Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner);
}
