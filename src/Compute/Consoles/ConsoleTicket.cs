using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Xiangyun.Kernel;

namespace Xiangyun.Compute.Consoles;

/// <summary>What opens one console of one server for ten minutes; encrypted into the URL's token.</summary>
internal sealed record ConsoleTicket(string ServerId, string Kind, string UserId, string UserName, string? ProjectId, long ExpiresAt, string Nonce);

internal sealed class ConsoleSeal(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.console.v1");
    private readonly ConcurrentDictionary<string, long> _used = new();

    public string Seal(Actor actor, string serverId, string kind)
    {
        var ticket = new ConsoleTicket(serverId, kind, actor.UserId, actor.UserName, actor.ProjectId, clock.Ms() + 600_000, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        return WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket)));
    }

    public ConsoleTicket? Open(string token)
    {
        try
        {
            var ticket = JsonSerializer.Deserialize<ConsoleTicket>(_protector.Unprotect(WebEncoders.Base64UrlDecode(token)));
            return ticket is not null && ticket.ExpiresAt > clock.Ms() ? ticket : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or JsonException)
        {
            return null; // not one of our tokens
        }
    }

    /// <summary>A token opens one connection; a second one needs a new token.</summary>
    public bool Take(ConsoleTicket ticket)
    {
        var now = clock.Ms();
        foreach (var old in _used.Where(u => u.Value < now).ToList()) _used.TryRemove(old);
        return _used.TryAdd(ticket.Nonce, ticket.ExpiresAt);
    }
}
