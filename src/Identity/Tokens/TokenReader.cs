using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// Opens tokens. The answer is remembered until the epoch rises or the token expires, so the usual request costs one hash
/// and one dictionary lookup.
/// </summary>
internal sealed class TokenReader(TicketSeal seal, Database database, Epoch epoch, TimeProvider clock) : ITokens
{
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<string, (long Epoch, Session Session)> _known = new();

    public async Task<Actor?> Authenticate(string token, CancellationToken ct) => (await Open(token))?.Actor;

    public async Task<Session?> Open(string token)
    {
        if (token.Length > 4096) return null;
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var now = await epoch.Now();
        if (_known.TryGetValue(key, out var known) && known.Epoch == now && known.Session.Until > clock.Ms()) return known.Session.Ticket.ExpiresAt > clock.Ms() ? known.Session : null;
        if (seal.Open(token) is not { } ticket || ticket.ExpiresAt <= clock.Ms()) return null;
        var session = await database.Read(q => Standing.Read(q.Db<IdentityDb>(), ticket, clock.Ms()));
        if (_known.Count >= Most) _known.Clear();
        if (session is null) _known.TryRemove(key, out _);
        else _known[key] = (now, session);
        return session;
    }

    /// <summary>What this request's own token stands for.</summary>
    public async Task<Session> Of(Call call) => await Open(call.Http.Request.Headers["X-Auth-Token"].FirstOrDefault() ?? "") ?? throw SignIn.Wrong();

    /// <summary>For what outlives a token: whoever was lent power for a while must not make itself lasting power from it.</summary>
    public async Task MustNotBeDelegated(Call call, string what)
    {
        var session = await Of(call);
        if (session.Trust is not null) throw CloudError.Forbidden($"With a token of a trust you may not {what}; sign in yourself.");
        if (session.Restricted) throw CloudError.Forbidden($"A restricted application credential may not {what}; use your password, or one that is unrestricted.");
    }
}
