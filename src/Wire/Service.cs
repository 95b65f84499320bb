namespace Xiangyun.Wire;

/// <summary>
/// One OpenStack service (or one of our own APIs) as clients see it: where it answers, how it is found in the
/// catalogue, how its errors look and which microversions it speaks.
/// </summary>
public sealed record Service
{
    /// <summary>First type is the name for people; all of them stand in the catalogue: <c>block-storage</c>, <c>volumev3</c>.</summary>
    public required IReadOnlyList<string> Types { get; init; }
    /// <summary>Code name in the catalogue: <c>nova</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Path of the service root: <c>/compute</c>.</summary>
    public required string Root { get; init; }
    /// <summary>What the catalogue's URL adds to the root: <c>/v3/%(project_id)s</c>.</summary>
    public string CatalogPath { get; init; } = "";
    /// <summary>Prefixes below the root that every route answers under: <c>/v2.1</c> and <c>/v2.1/{project_id}</c>.</summary>
    public required IReadOnlyList<string> Prefixes { get; init; }
    public required ErrorStyle Errors { get; init; }
    public Microversions? Versions { get; init; }
    /// <summary>A slash at the end of a path means nothing, as in Keystone; elsewhere it is another path.</summary>
    public bool SlashesAreFree { get; init; }
}
