using MudBlazor;
using Xiangyun.Client;

namespace Xiangyun.Console.Shell;

/// <summary>One page that the caller may open in the scope that it stands in.</summary>
internal sealed record MenuEntry(string Section, string Words, string Path, string Icon, Func<Session, bool> For)
{
    /// <summary>Only where all hosts are simulated.</summary>
    public bool Simulated { get; init; }

    public string Href => ConsoleModule.Root + Path;

    /// <summary>Whether that address lies on its page or below it; home has nothing below it.</summary>
    public bool Holds(string address)
    {
        var path = new Uri(address).AbsolutePath.TrimEnd('/');
        return path == Href || Path.Length > 0 && path.StartsWith(Href + "/", StringComparison.Ordinal);
    }
}

/// <summary>
/// The side menu. Whether an entry is shown follows the roles and the scope of the token, by the same rules that the APIs
/// apply; a browser test opens every entry with every role, so an entry that ends in a refusal is found.
/// </summary>
internal static class Menu
{
    private static bool Project(Session s) => s.InProject && s.Has("reader");
    private static bool Operator(Session s) => s.IsAdmin || s.InSystem && s.Has("reader");
    private static bool Anybody(Session s) => s.Has("reader");

    public static readonly IReadOnlyList<MenuEntry> All =
    [
        new("", "menu.home", "", Icons.Material.Outlined.SpaceDashboard, Anybody),
        new("menu.resources", "menu.sites", "/sites", Icons.Material.Outlined.Language, s => Project(s) || s.InDomain && s.Has("reader") || Operator(s)),
        new("menu.resources", "menu.servers", "/servers", Icons.Material.Outlined.Dns, Project),
        new("menu.resources", "menu.images", "/images", Icons.Material.Outlined.Album, Project),
        new("menu.resources", "menu.volumes", "/volumes", Icons.Material.Outlined.Storage, Project),
        new("menu.resources", "menu.snapshots", "/snapshots", Icons.Material.Outlined.CameraAlt, Project),
        new("menu.resources", "menu.bin", "/recycle-bin", Icons.Material.Outlined.RestoreFromTrash, Project),
        new("menu.network", "menu.topology", "/topology", Icons.Material.Outlined.Hub, Project),
        new("menu.network", "menu.networks", "/networks", Icons.Material.Outlined.Lan, Project),
        new("menu.network", "menu.groups", "/security-groups", Icons.Material.Outlined.Shield, Project),
        new("menu.operations", "menu.alarms", "/alarms", Icons.Material.Outlined.Notifications, Anybody),
        new("menu.operations", "menu.tasks", "/tasks", Icons.Material.Outlined.Pending, Anybody),
        new("menu.operations", "menu.hosts", "/hosts", Icons.Material.Outlined.ViewModule, Operator),
        new("menu.operations", "menu.energy", "/energy", Icons.Material.Outlined.Bolt, Operator),
        new("menu.operations", "menu.consolidation", "/consolidation", Icons.Material.Outlined.Compress, Operator),
        new("menu.operations", "menu.capacity", "/capacity", Icons.Material.Outlined.QueryStats, Operator),
        new("menu.operations", "menu.sizing", "/right-sizing", Icons.Material.Outlined.AspectRatio, Anybody),
        new("menu.operations", "menu.story", "/story", Icons.Material.Outlined.CallMerge, s => s.IsAdmin) { Simulated = true },
        new("menu.operations", "menu.wall", "/screen-links", Icons.Material.Outlined.Monitor, s => s.IsAdmin),
        new("menu.organisation", "menu.approvals", "/approvals", Icons.Material.Outlined.HowToReg, s => s.InProject && s.Has("reader") || s.InDomain && s.Has("reader") || s.IsAdmin),
        new("menu.organisation", "menu.organisations", "/organisations", Icons.Material.Outlined.AccountTree, Anybody),
        new("menu.organisation", "menu.loans", "/loans", Icons.Material.Outlined.SwapHoriz, Anybody),
        new("menu.organisation", "menu.people", "/people", Icons.Material.Outlined.People, s => s.IsAdmin || (s.InDomain || s.InSystem) && s.Has("reader")),
        new("menu.organisation", "menu.administrators", "/administrators", Icons.Material.Outlined.AdminPanelSettings, s => s.InSystem && (s.IsAdmin || s.Has("security_admin") || s.Has("auditor")) || s.InDomain && (s.Has("manager") || s.Has("security_admin") || s.Has("auditor"))),
        new("menu.organisation", "menu.audit", "/audit", Icons.Material.Outlined.FactCheck, s => !s.InProject && s.Has("auditor") || !s.InSystem && s.Has("manager")),
    ];
}
