using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// A user with several factors may prove them one after the other: for the first it gets a receipt, good for five minutes,
/// and comes back with it and the rest.
/// </summary>
internal sealed class Receipts(IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Header = "Openstack-Auth-Receipt";
    private const long Lifetime = 5 * 60_000;
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.receipt.v1");

    internal sealed record Receipt(string UserId, string[] Methods, long IssuedAt);

    /// <exception cref="CloudError">There is one, but it is not ours or too old.</exception>
    public Receipt? Of(Call call)
    {
        if (call.Http.Request.Headers[Header].FirstOrDefault() is not { Length: > 0 } text) return null;
        try
        {
            if (text.Length < 4096 && JsonSerializer.Deserialize<Receipt>(_protector.Unprotect(text)) is { } receipt && receipt.IssuedAt + Lifetime > clock.Ms()) return receipt;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            // Said below: it is not one of ours.
        }
        throw CloudError.Unauthorized("The authentication receipt is unknown or has expired; begin again.");
    }

    /// <summary>Whether these methods are all of one rule.</summary>
    public static bool Enough(IReadOnlyList<IReadOnlyList<string>> rules, IReadOnlyCollection<string> methods) => rules.Count == 0 || rules.Any(rule => rule.All(methods.Contains));

    public Answer Ask(Call call, UserRow user, ProjectRow domain, IReadOnlyList<string> methods, IReadOnlyList<IReadOnlyList<string>> rules)
    {
        var now = clock.Ms();
        var body = new JsonObject
        {
            ["receipt"] = new JsonObject
            {
                ["methods"] = Texts(methods), ["issued_at"] = Clock.MicrosZ(now), ["expires_at"] = Clock.MicrosZ(now + Lifetime),
                ["user"] = new JsonObject { ["id"] = user.Id, ["name"] = user.Name, ["domain"] = new JsonObject { ["id"] = domain.Id, ["name"] = domain.Name } },
            },
            ["required_auth_methods"] = new JsonArray([.. rules.Select(Texts)]),
        };
        return new Answer(401, body).With(Header, _protector.Protect(JsonSerializer.Serialize(new Receipt(user.Id, [.. methods], now)))).With("WWW-Authenticate", $"Keystone uri=\"{call.Root}/identity\"");
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];
}
