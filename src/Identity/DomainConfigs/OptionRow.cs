namespace Xiangyun.Identity.DomainConfigs;

/// <summary>One option of a domain; a secret one is sealed.</summary>
internal sealed class OptionRow
{
    public required string DomainId { get; init; }
    /// <summary>identity or ldap</summary>
    public required string Section { get; init; }
    public required string Name { get; init; }
    /// <summary>JSON: text, number or flag.</summary>
    public required string Value { get; init; }
}
