using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xiangyun.Identity.Directories;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.OpenId;

/// <summary>Reads a token (JWT) of a domain's provider: signed with a key that the provider publishes, issued by it, for this cloud, and not expired.</summary>
internal sealed class Assertions(Providers providers)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <param name="nonce">What the token must repeat, where we asked for it ourselves.</param>
    /// <returns>null when the token is not to be believed.</returns>
    /// <exception cref="CloudError">The provider cannot be asked.</exception>
    public async Task<DirectoryPerson?> Read(ProviderRow provider, string token, CancellationToken ct, string? nonce = null)
    {
        var (_, keys) = await providers.Ask(provider, ct);
        var rules = new TokenValidationParameters
        {
            ConfigurationManager = keys, ValidIssuer = provider.Issuer, ValidAudience = provider.ClientId, ClockSkew = Skew,
            RequireSignedTokens = true, RequireExpirationTime = true, ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"],
        };
        var result = await _handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            keys.RequestRefresh();
            result = await _handler.ValidateTokenAsync(token, rules);
        }
        if (!result.IsValid) return null;
        string? Claim(string name) => result.Claims.TryGetValue(name, out var value) && value is string { Length: > 0 and <= 255 } text ? text : null;
        if (nonce is not null && Claim("nonce") != nonce) return null;
        return Claim("sub") is { } subject ? new DirectoryPerson(subject, Claim(provider.NameClaim) ?? subject, Claim("email")) : null;
    }
}
