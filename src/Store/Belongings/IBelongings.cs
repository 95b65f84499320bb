namespace Xiangyun.Store.Belongings;

/// <summary>Whose things are asked about: a person's, or those of some projects. The other one is null.</summary>
public sealed record Owner(string? UserId, IReadOnlyCollection<string>? ProjectIds);

/// <summary>One thing, as it is shown to whoever decides about a leaver or about the end of an organisation.</summary>
public sealed record Thing(string Id, string? Name, string? ProjectId);

/// <param name="Kind">What it is called in the API of its service: server, volume, floating_ip ...</param>
/// <param name="First">The first of them; <paramref name="Count"/> says how many there are.</param>
public sealed record Belongings(string Kind, int Count, IReadOnlyList<Thing> First);

/// <summary>Each module that keeps things for people tells of its own.</summary>
public interface IBelongings
{
    public const int Shown = 20;

    Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner);
}
