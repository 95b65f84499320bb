using Microsoft.AspNetCore.Components.Authorization;
using Xiangyun.Client;
using Xiangyun.Console.SignIn;

namespace Xiangyun.Console.Shell;

/// <summary>What one open page works with: the signed-in caller's API and the scopes it may change to. Read anew from the cloud when a page opens, so rights taken away are gone.</summary>
internal sealed class Desk(Behalf behalf, AuthenticationStateProvider who)
{
    private Task<bool>? _opening;
    private Api? _api;

    public Api Api => _api ?? throw new InvalidOperationException("nobody is signed in");
    public Session Session => Api.Session;

    /// <summary>The browser's address, as the page's request had it.</summary>
    public string? From { get; set; }

    /// <summary>False when the session has ended.</summary>
    public Task<bool> Open() => _opening ??= Load();

    public Task<IReadOnlyList<Scope>> Reachable() => behalf.Door(From).Scopes(Session.Token);

    private async Task<bool> Load()
    {
        if (SessionCookie.TokenOf((await who.GetAuthenticationStateAsync()).User) is not { } token || await behalf.Door(From).Look(token) is not { } session) return false;
        _api = behalf.Api(session, From);
        return true;
    }
}
