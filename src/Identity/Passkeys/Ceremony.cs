using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Passkeys;

/// <summary>What a browser must be told to make or use a passkey, and what we must see again with its answer.</summary>
internal sealed record Challenge(JsonNode Options, string State);

/// <summary>
/// WebAuthn's two ceremonies, by the framework's own code. Nothing is kept between question and answer: the caller carries the sealed state.
/// The address of the console comes from the caller; a browser lets no page use a passkey of another address, and the answer must name the same one.
/// </summary>
internal sealed class Ceremony(PasskeyStore people, IDataProtectionProvider protection, ILogger<UserManager<UserRow>> log, TimeProvider clock)
{
    private const long Lifetime = 5 * 60_000;
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.passkey.v1");

    /// <param name="Kept">What the framework wants to see again, the challenge among it.</param>
    /// <param name="UserId">For whom a passkey is made; null when somebody signs in.</param>
    internal sealed record State(string Origin, string Kept, string? UserId, long At);

    public async Task<Challenge> Making(HttpContext http, UserRow user, string origin)
    {
        var made = await Handler(origin).MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.Name, DisplayName = user.Name }, http);
        return new Challenge(JsonNode.Parse(made.CreationOptionsJson)!, Seal(new State(origin, made.AttestationState ?? "", user.Id, clock.Ms())));
    }

    public async Task<Challenge> Using(HttpContext http, string origin)
    {
        var made = await Handler(origin).MakeRequestOptionsAsync(null!, http);
        return new Challenge(JsonNode.Parse(made.RequestOptionsJson)!, Seal(new State(origin, made.AssertionState ?? "", null, clock.Ms())));
    }

    public Task<PasskeyAttestationResult> Made(HttpContext http, State state, string credential) =>
        Handler(state.Origin).PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state.Kept });

    public Task<PasskeyAssertionResult<UserRow>> Used(HttpContext http, State state, string credential) =>
        Handler(state.Origin).PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state.Kept });

    /// <returns>null when it is not one of ours, or too old.</returns>
    public State? Open(string sealed_)
    {
        try
        {
            return JsonSerializer.Deserialize<State>(_protector.Unprotect(sealed_)) is { } state && state.At + Lifetime > clock.Ms() ? state : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private string Seal(State state) => _protector.Protect(JsonSerializer.Serialize(state));

    /// <exception cref="CloudError">No browser makes a passkey there.</exception>
    public static string Origin(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var at) || at.Scheme is not ("https" or "http") || at.AbsolutePath != "/" || at.Query.Length > 0 || at.UserInfo.Length > 0)
            throw CloudError.Invalid($"Invalid input for field/attribute origin. Value: {text}. It must be the address of the console without a path, such as https://cloud.example.");
        if (IPAddress.TryParse(at.Host.Trim('[', ']'), out _)) throw CloudError.Invalid($"Browsers make passkeys only for names, not for the address {at.Host}: open the console under its name (on its own machine: localhost).");
        if (at.Scheme == "http" && at.Host != "localhost") throw CloudError.Invalid("Browsers make passkeys only over https (plain http only for localhost).");
        return at.GetLeftPart(UriPartial.Authority);
    }

    private PasskeyHandler<UserRow> Handler(string origin) => new(new UserManager<UserRow>(people, null!, null!, [], [], null!, null!, null!, log), Options.Create(new IdentityPasskeyOptions
    {
        ServerDomain = new Uri(origin).Host, UserVerificationRequirement = "required", ResidentKeyRequirement = "required",
        ValidateOrigin = said => ValueTask.FromResult(said.Origin == origin && !said.CrossOrigin),
    }));
}
