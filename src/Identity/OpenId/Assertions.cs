using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Xiangyun.Identity.Directories;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.OpenId;

/// <summary>
/// Reads a token (JWT) of a domain's provider: signed with a key that the provider publishes, issued by it, for this cloud, and not
/// expired. What the provider publishes is fetched when it is needed and kept for a day; an unknown key fetches it anew.
/// </summary>
internal sealed class Assertions
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60), Limit = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _known = new();
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <returns>null when the token is not to be believed.</returns>
    /// <exception cref="CloudError">The provider cannot be asked.</exception>
    public async Task<DirectoryPerson?> Read(ProviderRow provider, string token, CancellationToken ct)
    {
        var manager = _known.GetOrAdd(provider.Issuer, issuer => new ConfigurationManager<OpenIdConnectConfiguration>(issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(new HttpClient { Timeout = Limit }) { RequireHttps = provider.Issuer.StartsWith("https:", StringComparison.Ordinal) }));
        try
        {
            await manager.GetConfigurationAsync(ct);
        }
        catch (InvalidOperationException e)
        {
            throw CloudError.Unavailable($"The OpenID provider {provider.Issuer} of your organisation cannot be asked. Whoever runs the cloud checks it.", e);
        }
        var rules = new TokenValidationParameters
        {
            ConfigurationManager = manager, ValidIssuer = provider.Issuer, ValidAudience = provider.ClientId, ClockSkew = Skew,
            RequireSignedTokens = true, RequireExpirationTime = true, ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"],
        };
        var result = await _handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            manager.RequestRefresh();
            result = await _handler.ValidateTokenAsync(token, rules);
        }
        if (!result.IsValid) return null;
        string? Claim(string name) => result.Claims.TryGetValue(name, out var value) && value is string { Length: > 0 and <= 255 } text ? text : null;
        return Claim("sub") is { } subject ? new DirectoryPerson(subject, Claim(provider.NameClaim) ?? subject, Claim("email")) : null;
    }
}
