using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Xiangyun.Identity.Tokens;

/// <summary>Turns tickets into the text of tokens and back. Nobody without the key ring can read or make one.</summary>
internal sealed class TicketSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.token.v2");

    public string Seal(Ticket ticket) => WebEncoders.Base64UrlEncode(_protector.Protect(TicketFormat.Write(ticket)));

    public Ticket? Open(string token)
    {
        try
        {
            return TicketFormat.Read(_protector.Unprotect(WebEncoders.Base64UrlDecode(token)));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null; // not one of our tokens
        }
    }
}
