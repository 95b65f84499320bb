namespace Xiangyun.Identity.Directories;

/// <summary>Which account belongs to a person of a domain's directory or OpenID provider.</summary>
internal sealed class PersonRow
{
    /// <summary>The domain, and how its directory calls the person for good.</summary>
    public required string Key { get; init; }
    public required string UserId { get; init; }
}
