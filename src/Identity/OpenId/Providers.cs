using System.Collections.Concurrent;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.OpenId;

/// <summary>What providers publish of themselves (OpenID Connect Discovery): fetched when it is needed, kept for a day, and fetched anew when a key is unknown.</summary>
internal sealed class Providers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _known = new();

    public HttpClient Http { get; } = new() { Timeout = Limit };

    /// <exception cref="CloudError">The provider cannot be asked.</exception>
    public async Task<(OpenIdConnectConfiguration Says, ConfigurationManager<OpenIdConnectConfiguration> Keys)> Ask(ProviderRow provider, CancellationToken ct)
    {
        var keys = _known.GetOrAdd(provider.Issuer, issuer => new ConfigurationManager<OpenIdConnectConfiguration>(issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(Http) { RequireHttps = provider.Issuer.StartsWith("https:", StringComparison.Ordinal) }));
        try
        {
            return (await keys.GetConfigurationAsync(ct), keys);
        }
        catch (InvalidOperationException e)
        {
            throw Silent(provider, e);
        }
    }

    public static CloudError Silent(ProviderRow provider, Exception e) => CloudError.Unavailable($"The OpenID provider {provider.Issuer} of your organisation cannot be asked. Whoever runs the cloud checks it.", e);
}
