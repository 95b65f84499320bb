using System.Text.RegularExpressions;
using Xiangyun.Client;
using Xiangyun.Client.Records;

namespace Xiangyun.Console.Shell;

/// <summary>One thing that was found, and the page where it is shown.</summary>
internal sealed record Hit(string Words, string Id, string Name, string? More, string Href);

/// <summary>
/// Finds things of every kind by name, address, id, person or request, all kinds at once, each through its own service with
/// the caller's rights; a kind that the caller may not list is simply not searched.
/// </summary>
internal sealed class Finder(Api api, Words w)
{
    private const int Most = 2000, Shown = 20;

    public async Task<List<Hit>> Find(string? text, CancellationToken ct = default)
    {
        var q = (text ?? "").Trim();
        if (q.Length == 0) return [];
        var (session, looks) = (api.Session, new List<Task<List<Hit>>>());
        bool Like(string? of) => of?.Contains(q, StringComparison.OrdinalIgnoreCase) == true;
        if (session.InProject)
        {
            var all = session.IsAdmin ? "&all_tenants=1" : "";
            looks.Add(Of(async () => (await api.List<Server>("compute", $"/servers/detail?limit=50&name={Pattern(q)}{all}", "servers", ct)).Rows.Select(Server)));
            if (q.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':'))
            {
                looks.Add(Of(async () => (await api.List<Server>("compute", $"/servers/detail?limit=50&ip={Pattern(q)}{all}", "servers", ct)).Rows.Select(Server)));
                looks.Add(Of(async () => (await api.All<FloatingIp>("network", "/floatingips", "floatingips", f => f.Id, Most, ct)).Where(f => Like(f.FloatingIpAddress)).Select(f => new Hit("resource.network.floatingip", f.Id, f.FloatingIpAddress, f.FixedIpAddress, f.FixedIpAddress is { } fixedIp ? At("/servers?f.ip=" + Uri.EscapeDataString(fixedIp)) : At("/topology")))));
            }
            if (Guid.TryParse(q, out _)) looks.Add(Of(async () => [Server(await api.Get<Server>("compute", $"/servers/{q}", "server", ct))]));
            looks.Add(Of(async () => (await api.All<Volume>("block-storage", "/volumes/detail", "volumes", v => v.Id, Most, ct)).Where(v => Like(v.Name) || v.Id == q).Select(v => new Hit("menu.volumes", v.Id, v.Name ?? v.Id, $"{v.Size} GiB", Listed("/volumes", v.Name)))));
            looks.Add(Of(async () => (await api.All<Network>("network", "/networks", "networks", n => n.Id, Most, ct)).Where(n => Like(n.Name) || n.Id == q).Select(n => new Hit("menu.networks", n.Id, n.Name, null, Listed("/networks", n.Name)))));
            looks.Add(Of(async () => (await api.All<SecurityGroup>("network", "/security-groups", "security_groups", g => g.Id, Most, ct)).Where(g => Like(g.Name) || g.Id == q).Select(g => new Hit("menu.groups", g.Id, g.Name, g.Description, At("/security-groups/" + g.Id)))));
            looks.Add(Of(async () => (await api.All<Image>("image", "/images", "images", i => i.Id, Most, ct)).Where(i => Like(i.Name) || i.Id == q).Select(i => new Hit("menu.images", i.Id, i.Name, i.DiskFormat, Listed("/images", i.Name)))));
        }
        if (May("/hosts")) looks.Add(Of(async () => (await api.All<Host>("xiangyun", "/hosts", "hosts", h => h.Id, Most, ct)).Where(h => Like(h.Name) || h.Id == q).Select(h => new Hit("menu.hosts", h.Id, h.Name, h.Zone, At("/hosts/" + h.Id)))));
        if (May("/sites")) looks.Add(Of(async () => (await api.All<Site>("xiangyun", "/sites", "sites", s => s.Id, Most, ct)).Where(s => Like(s.Name) || Like(s.Registration) || s.HostNames.Any(Like) || s.Id == q).Select(s => new Hit("menu.sites", s.Id, s.Name, string.Join(" ", s.HostNames), At("/sites/" + s.Id)))));
        looks.Add(Of(async () => (await api.All<Organisation>("xiangyun", "/organisations", "organisations", o => o.Id, ct: ct)).Where(o => Like(o.Name) || o.Id == q).Select(o => new Hit("menu.organisations", o.Id, o.Name, w.Value("kind", o.Kind), At("/organisations?id=" + o.Id)))));
        if (May("/people")) looks.Add(Of(async () => (await api.List<User>("identity", $"/users?limit=20&name__contains={Uri.EscapeDataString(q)}", "users", ct)).Rows.Select(u => new Hit("menu.people", u.Id, u.Name, u.Email, At("/people/" + u.Id)))));
        if (May("/approvals")) looks.Add(Of(async () => (await api.List<Request>("xiangyun", "/requests?limit=200", "requests", ct)).Rows.Where(r => r.Id == q || Like(r.Reason) || Like(r.RequesterName)).Select(r => new Hit("menu.approvals", r.Id, $"{w.Value("ask", r.Kind)} · {r.RequesterName}", r.Reason, At("/approvals/" + r.Id)))));
        return [.. (await Task.WhenAll(looks)).SelectMany(h => h).DistinctBy(h => h.Id)];
    }

    private bool May(string path) => Menu.All.Single(e => e.Path == path).For(api.Session);

    private static string At(string path) => ConsoleModule.Root + path;

    private static string Listed(string path, string? name) => At($"{path}?f.name={Uri.EscapeDataString(name ?? "")}");

    private static string Pattern(string q) => Uri.EscapeDataString(Regex.Escape(q));

    private static Hit Server(Server s) => new("menu.servers", s.Id, s.Name, string.Join(" ", s.Ips), At("/servers/" + s.Id));

    private static async Task<List<Hit>> Of(Func<Task<IEnumerable<Hit>>> look)
    {
        try
        {
            return [.. (await look()).Take(Shown)];
        }
        catch (Refusal)
        {
            return []; // not there, or not the caller's to see
        }
    }
}
