namespace Xiangyun.Store.Figures;

/// <summary>One number that the whole city may see, counted now.</summary>
/// <param name="Key">What it is: <c>hosts.alive</c>.</param>
/// <param name="Evidence">The page of the console where one sees what it counts.</param>
public sealed record Figure(string Key, double Value, string Unit, string Evidence)
{
    /// <summary>Of when it is, where that is earlier than now; with the seconds after which a newer one is expected.</summary>
    public long? AsOf { get; init; }
    public int? Period { get; init; }
    /// <summary>Whose part of it is how large: by project or organisation.</summary>
    public IReadOnlyDictionary<string, double>? Shares { get; init; }
    /// <summary>The same for each one of many, without names, largest first.</summary>
    public IReadOnlyList<double>? Each { get; init; }
}

/// <summary>Each module tells of what it keeps. Nothing is estimated: what cannot be counted is left out.</summary>
public interface IFigures
{
    Task<IReadOnlyList<Figure>> Of(Query q);
}
