namespace Xiangyun.Identity.OpenId;

/// <summary>The OpenID provider that speaks for the people of a domain.</summary>
internal sealed class ProviderRow
{
    public required string DomainId { get; init; }
    /// <summary>Its address; what it says of itself is found below it (OpenID Connect Discovery).</summary>
    public required string Issuer { get; init; }
    /// <summary>For whom its tokens must be: this cloud, as the provider calls it.</summary>
    public required string ClientId { get; init; }
    /// <summary>Which claim is the name that people know somebody by.</summary>
    public required string NameClaim { get; init; }
    /// <summary>What this cloud proves itself with when it exchanges a code; never shown.</summary>
    public string? SealedSecret { get; init; }
    public long UpdatedAt { get; init; }
}
