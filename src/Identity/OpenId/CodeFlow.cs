using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Xiangyun.Identity.Credentials;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.OpenId;

/// <summary>
/// The authorization code flow with PKCE (RFC 6749, 7636; OpenID Connect Core 3.1): where a browser is sent, and what the code is worth that it
/// comes back with. Nothing is kept meanwhile: the caller carries the sealed session.
/// </summary>
internal sealed class CodeFlow(Providers providers, Vault vault, IDataProtectionProvider protection, TimeProvider clock)
{
    private const long Lifetime = 10 * 60_000;
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.openid-code.v1");

    /// <param name="Mark">The state that the provider repeats.</param>
    internal sealed record Begun(string DomainId, string Issuer, string Redirect, string Verifier, string Nonce, string Mark, long At);

    public async Task<(string Url, string Session)> Begin(ProviderRow provider, string redirect, CancellationToken ct)
    {
        var (says, _) = await providers.Ask(provider, ct);
        var begun = new Begun(provider.DomainId, provider.Issuer, redirect, Random(), Random(), Random(), clock.Ms());
        var query = new QueryBuilder
        {
            { "response_type", "code" }, { "client_id", provider.ClientId }, { "redirect_uri", redirect }, { "scope", "openid profile" }, { "state", begun.Mark }, { "nonce", begun.Nonce },
            { "code_challenge", WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(begun.Verifier))) }, { "code_challenge_method", "S256" },
        };
        var at = says.AuthorizationEndpoint;
        return (at + (at.Contains('?') ? "&" + query.ToQueryString().Value![1..] : query.ToQueryString().Value), _protector.Protect(JsonSerializer.Serialize(begun)));
    }

    /// <returns>null when it is not one of ours, too old, or not what the provider repeats.</returns>
    public Begun? Open(string session, string mark)
    {
        try
        {
            return JsonSerializer.Deserialize<Begun>(_protector.Unprotect(session)) is { } begun && begun.At + Lifetime > clock.Ms() && begun.Mark == mark ? begun : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    /// <returns>The ID token; null when the provider does not know the code.</returns>
    public async Task<string?> Exchange(ProviderRow provider, Begun begun, string code, CancellationToken ct)
    {
        var (says, _) = await providers.Ask(provider, ct);
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = begun.Redirect, ["client_id"] = provider.ClientId, ["code_verifier"] = begun.Verifier };
        using var request = new HttpRequestMessage(HttpMethod.Post, says.TokenEndpoint) { Content = new FormUrlEncodedContent(form) };
        if (provider.SealedSecret is { } secret) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(vault.Open(secret))}")));
        try
        {
            using var answer = await providers.Http.SendAsync(request, ct);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError) throw new HttpRequestException($"{(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode ? new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(ct)).IdToken : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw Providers.Silent(provider, e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static string Random() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
}
