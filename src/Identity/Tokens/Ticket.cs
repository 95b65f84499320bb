using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Xiangyun.Identity.Tokens;

/// <summary>What a token says, encrypted and signed into its text. Roles are not in it: they are read when it is used.</summary>
/// <param name="Scope">project, domain, system or none</param>
internal sealed record Ticket(string UserId, string Scope, string? Target, IReadOnlyList<string> Methods, IReadOnlyList<string> AuditIds, long IssuedAt, long ExpiresAt, string? ApplicationCredentialId)
{
    public string AuditId => AuditIds[0];
}

internal sealed class TicketSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.token.v1");

    public string Seal(Ticket ticket) => WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket)));

    public Ticket? Open(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<Ticket>(_protector.Unprotect(WebEncoders.Base64UrlDecode(token)));
        }
        catch (Exception e) when (e is FormatException or System.Security.Cryptography.CryptographicException or JsonException or DecoderFallbackException)
        {
            return null; // not one of our tokens
        }
    }
}
