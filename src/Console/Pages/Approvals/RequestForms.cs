using System.Text.Json.Nodes;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Approvals;

/// <summary>The forms of what can be asked for directly. What has a create form of its own is asked for there, where an organisation demands it.</summary>
internal static class RequestForms
{
    public static IReadOnlyList<string> For(Session session) =>
        session.IsAdmin ? session.InProject ? ["floating_ip", "resize", "extension", "deletion"] : [] // it gives quota and rights itself, and asks nobody
            : session.InProject && session.Has("member") ? ["floating_ip", "resize", "extension", "quota", "right", "deletion"] : session.InDomain && session.Has("member") ? ["quota", "organisation"] : [];

    private static readonly string[] NeedOthers = ["quota", "right", "deletion", "organisation"];

    /// <summary>What may not be done without somebody's consent cannot be asked for where nobody is set to give it.</summary>
    public static async Task<bool> SomebodyDecides(string kind, Api api) =>
        !NeedOthers.Contains(kind) || (await api.Get<ApprovalRules>("xiangyun", $"/organisations/{api.Session.Scope!.Id}/approval-rules")).Steps.Count > 0;

    /// <returns>null when there is nothing that it could be about.</returns>
    public static async Task<Form?> Make(string kind, Api api, Words w) => kind switch
    {
        "floating_ip" => await FloatingIp(api, w), "resize" => await Resize(api, w), "extension" => await Extension(api, w), "quota" => await Quota(api, w),
        "right" => await Right(api, w), "deletion" => await Deletion(api, w), "organisation" => Organisation(api, w), _ => null,
    };

    private static long Whole(string text) => long.TryParse(text, out var number) ? number : 0;

    private static Form Asking(string kind, Api api, Words w, IReadOnlyList<Field> fields, Func<IReadOnlyDictionary<string, string>, object> wish) => new(w.Value("ask", kind),
        [.. fields, new("reason", w["approvals.reason"]) { Kind = "textarea", Required = true }], f => Send(api, kind, wish(f), f["reason"]),
        f => Cli.Curl("POST", "/requests", new { request = new { kind, wish = wish(f), reason = f["reason"] } }));

    /// <param name="service">Whose body the wish is, if it is one: it is meant in the version that we speak.</param>
    public static Task Send(Api api, string kind, object wish, string reason, string? service = null) =>
        api.Do(HttpMethod.Post, "xiangyun", "/requests", new { request = new { kind, wish, reason, microversion = service is null ? null : Versions.Of(service)?.Split(' ')[^1] } });

    private static async Task<Form?> FloatingIp(Api api, Words w)
    {
        var networks = await api.All<Network>("network", "/networks?router:external=true", "networks", n => n.Id);
        if (networks.Count == 0) return null;
        var policies = (await api.All<QosPolicy>("network", "/qos/policies", "policies", p => p.Id)).Where(p => p.ExitMbits is not null).OrderBy(p => p.ExitMbits).ToList();
        var quotas = await api.Get<List<Quota>>("xiangyun", $"/organisations/{api.Session.Scope!.Id}/quotas", "quotas");
        var bounded = quotas.Any(q => q.Resource == "network.exit_bandwidth" && q.Left is not null);
        long Mbits(IReadOnlyDictionary<string, string> f) => policies.Find(p => p.Id == f["limit"])?.ExitMbits ?? 0;
        return Asking("floating_ip", api, w,
            [
                new("network", w["approvals.exit"]) { Options = [.. networks.Select(n => (n.Id, n.Name))] },
                new("limit", w["approvals.exit_limit"]) { Required = bounded, Hint = bounded && policies.Count == 0 ? w["approvals.exit_no_policy"] : null, Options = [.. bounded ? [] : new[] { ("", w["approvals.exit_unlimited"]) }, .. policies.Select(p => (p.Id, $"{p.Name} · {p.ExitMbits} Mbit/s"))] },
            ],
            f => new { floatingip = new { floating_network_id = f["network"], qos_policy_id = f["limit"].Length == 0 ? null : f["limit"] } }) with
        {
            Quotas = quotas, Takes = f => [("network.floatingip", 1), .. Mbits(f) > 0 ? [("network.exit_bandwidth", Mbits(f))] : Array.Empty<(string, long)>()],
        };
    }

    private static async Task<Form?> Resize(Api api, Words w)
    {
        var servers = await api.All<Server>("compute", "/servers/detail", "servers", s => s.Id, 2000);
        var flavors = await api.All<Flavor>("compute", "/flavors/detail", "flavors", f => f.Id);
        if (servers.Count == 0) return null;
        var closed = (await Servers.Fitting.None(api, flavors)).ToDictionary(id => id, _ => w["create.fits_none"]);
        // to its own size it is not changed, nor to a smaller disk
        IReadOnlyList<(string, string)> Others(IReadOnlyDictionary<string, string> f)
        {
            var now = servers.FirstOrDefault(s => s.Id == f.GetValueOrDefault("server"))?.Flavor ?? servers[0].Flavor;
            return [.. flavors.Where(o => o.Name != now?.OriginalName && o.Disk >= (now?.Disk ?? 0)).OrderBy(o => o.Vcpus).ThenBy(o => o.Ram).Select(o => (o.Id, $"{o.Name} · {w.Of("servers.flavor_text", o.Vcpus, Numbers.Mib(o.Ram))}"))];
        }
        return Asking("resize", api, w, [new("server", w["menu.servers"]) { Options = [.. servers.Where(s => s.Status is "ACTIVE" or "SHUTOFF").Select(s => (s.Id, s.Name))], Required = true }, new("flavor", w["create.flavor"]) { OptionsBy = Others, Closed = closed, Required = true }],
            f => new { server_id = f["server"], flavor_id = f["flavor"] });
    }

    private static async Task<Form?> Extension(Api api, Words w)
    {
        var volumes = (await api.All<Volume>("block-storage", "/volumes/detail", "volumes", v => v.Id, 2000)).Where(v => v.Status == "available").ToList(); // attached ones grow only in a newer version
        return volumes.Count == 0 ? null : Asking("extension", api, w,
            [new("volume", w["menu.volumes"]) { Options = [.. volumes.Select(v => (v.Id, $"{(string.IsNullOrEmpty(v.Name) ? v.Id : v.Name)} · {v.Size} GiB"))] }, new("size", w["volumes.new_size"]) { Kind = "number", Value = $"{volumes[0].Size + 10}", Min = 1, Required = true }],
            f => new { volume_id = f["volume"], new_size = Whole(f["size"]) }) with
        { Check = f => volumes.FirstOrDefault(v => v.Id == f["volume"]) is { } v && Whole(f["size"]) <= v.Size ? w.Of("approvals.larger", v.Size) : null };
    }

    private static async Task<Form?> Quota(Api api, Words w)
    {
        var here = api.Session.Scope!.Id;
        var pieces = await Task.WhenAll(Numbers.Divided.Select(r => api.Get<QuotaTreePiece>("xiangyun", $"/organisations/{here}/quota-tree?resource={r}&depth=1", "quota_tree")));
        var now = pieces.ToDictionary(p => p.Resource, p => p.Nodes.Single(n => n.Id == here));
        return Asking("quota", api, w, [new("resource", w["organisations.resource"]) { Options = [.. Numbers.Divided.Select(r => (r, $"{w.Value("resource", r)} · {(now[r].Granted is { } g ? Numbers.Count(g) : w["organisations.shared"])}"))] }, new("amount", w["approvals.new_limit"]) { Kind = "number", Min = 1, Required = true }],
            f => new JsonObject { ["organisation_id"] = here, ["quotas"] = new JsonObject { [f["resource"]] = Whole(f["amount"]) } }) with
        { Check = f => now[f["resource"]] is var n && (Whole(f["amount"]) < n.Least || Whole(f["amount"]) > n.Most) ? n.Most is { } most ? w.Of("icicle.rule", Numbers.Count(n.Least), Numbers.Count(most)) : w.Of("icicle.rule_open", Numbers.Count(n.Least)) : null };
    }

    private static async Task<Form?> Right(Api api, Words w)
    {
        var roles = (await api.Get<List<Role>>("identity", "/roles", "roles")).Where(r => r.Name is "member" or "reader" or "manager").ToList();
        return roles.Count == 0 ? null : Asking("right", api, w, [new("role", w["people.role"]) { Options = [.. roles.Select(r => (r.Id, w.Value("role", r.Name)))] }, new("user", w["approvals.user_id"]) { Required = true, Value = api.Session.UserId }],
            f => new { project_id = api.Session.Scope!.Id, user_id = f["user"].Trim(), role_id = f["role"] });
    }

    private static async Task<Form?> Deletion(Api api, Words w)
    {
        var cut = (await api.All<Snapshot>("block-storage", "/snapshots", "snapshots", s => s.Id, 2000)).Select(s => s.VolumeId).ToHashSet(); // goes only after its snapshots
        var servers = (await api.All<Server>("compute", "/servers", "servers", s => s.Id, 2000)).Select(s => ($"server/{s.Id}", $"{w["menu.servers"]} · {s.Name}"));
        var volumes = (await api.All<Volume>("block-storage", "/volumes/detail", "volumes", v => v.Id, 2000)).Where(v => v.Attachments.Count == 0 && !cut.Contains(v.Id)).Select(v => ($"volume/{v.Id}", $"{w["menu.volumes"]} · {(string.IsNullOrEmpty(v.Name) ? v.Id : v.Name)}"));
        var things = servers.Concat(volumes).ToList();
        return things.Count == 0 ? null : Asking("deletion", api, w, [new("what", w["approvals.what"]) { Options = things }], f => new { kind = f["what"].Split('/')[0], id = f["what"].Split('/')[1] });
    }

    private static Form Organisation(Api api, Words w) => Asking("organisation", api, w, [new("name", w["kit.name"]) { Required = true }, new("description", w["kit.description"])],
        f => new { name = f["name"].Trim(), parent_id = api.Session.Scope!.Id, description = f["description"] });
}
