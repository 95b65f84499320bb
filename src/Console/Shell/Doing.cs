using Xiangyun.Client;

namespace Xiangyun.Console.Shell;

/// <summary>Something that can be begun from anywhere: the page where it is done, and the button there that begins it.</summary>
/// <param name="Words">Keys of the texts that name it, the first one is shown; the caller may type any of them, in either language.</param>
/// <param name="Path">null: where one stands.</param>
internal sealed record Doing(string Words, string? Path, string? Press, Func<Session, bool> For)
{
    private static bool Member(Session s) => s.InProject && s.Has("member");

    private static bool Any(Session s) => true;

    public static readonly IReadOnlyList<Doing> All =
    [
        new("servers.create", "/servers/create", null, Member), new("volumes.create", "/volumes", "#create", Member), new("networks.create", "/networks", "#create", Member), new("groups.create", "/security-groups", "#create", Member), new("sites.create", "/sites", "#create", Member),
        new("approvals.create", "/approvals?show=mine", "#create", s => (s.InProject || s.InDomain) && s.Has("member")), new("loans.create", "/loans", "#create", s => s.Has("manager") && !s.InSystem || s.IsAdmin),
        new("people.create", "/people", "#create", s => s.IsAdmin || s.InDomain && s.Has("manager")), new("wall.new", "/screen-links", "#create", s => s.IsAdmin),
        new("account.password", "/account", "#password", Any), new("account.keys_create", "/account", "#create", s => s.InProject),
        new("shell.theme", null, "#theme", Any), new("palette.language", null, "#language", Any), new("palette.scope", null, "#scope > summary", Any), new("shell.sign_out", null, "#sign-out", Any),
    ];
}
