using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>
/// The catalogue: the services that this server answers, each under all of its type names, and what operators added.
/// The latter is remembered until the epoch rises.
/// </summary>
internal sealed class CatalogView(IServiceProvider services, CatalogOptions options, IdentityStore store, Epoch epoch)
{
    private static readonly string[] Interfaces = ["public", "internal", "admin"];
    private readonly Lock _gate = new();
    private IReadOnlyList<(string Type, Service Service)>? _offered;
    private (long Epoch, Added Rows)? _added;

    private sealed record Added(List<ServiceRow> Services, List<EndpointRow> Endpoints, HashSet<string> Filtered);

    /// <summary>Read late: the list of APIs contains this module's own.</summary>
    public IReadOnlyList<(string Type, Service Service)> Offered => _offered ??=
        [.. services.GetServices<IApi>().Select(a => a.Service).DistinctBy(s => s.Name).SelectMany(s => s.Types.Select(t => (t, s)))];

    public string Region => options.Region;

    public static string ServiceId(string type) => Id.From("service:" + type);

    public static string EndpointId(string type, string name) => Id.From($"endpoint:{type}:{name}");

    /// <summary>What a token's answer tells; URLs that need a project are left out when there is none.</summary>
    public async Task<JsonArray> Of(string? projectId)
    {
        var added = await Extra();
        var seen = projectId is not null && added.Filtered.Contains(projectId) ? (await store.Read(db => Seen(db, projectId)))?.Select(e => e.Id).ToHashSet() : null;
        JsonObject? Shown(EndpointRow e) => seen?.Contains(e.Id) == false ? null : Endpoint(e.Id, e.Interface, e.RegionId, e.Url, projectId);
        var own = Own().ToLookup(e => e.ServiceId);
        var entries = Offered.Select(o => (Id: ServiceId(o.Type), o.Type, o.Service.Name)).Concat(added.Services.Select(s => (s.Id, s.Type, s.Name)))
            .Select(s => (s, Endpoints: own[s.Id].Concat(added.Endpoints.Where(e => e.ServiceId == s.Id)).Select(Shown).OfType<JsonObject>().ToList()));
        return [.. entries.Where(e => seen is null || e.Endpoints.Count > 0).Select(e => Entry(e.s.Id, e.s.Type, e.s.Name, e.Endpoints))];
    }

    /// <summary>Every endpoint: this server's own, and those that operators added.</summary>
    public async Task<List<EndpointRow>> All(IdentityDb db) => [.. Own(), .. await db.Endpoints.OrderBy(e => e.Id).ToListAsync()];

    /// <summary>The endpoints that a project was limited to, alone or as groups; null = it was not.</summary>
    public async Task<List<EndpointRow>?> Seen(IdentityDb db, string projectId)
    {
        var alone = await db.ProjectEndpoints.Where(p => p.ProjectId == projectId).Select(p => p.EndpointId).ToListAsync();
        var groupIds = db.ProjectEndpointGroups.Where(p => p.ProjectId == projectId).Select(p => p.GroupId);
        var groups = await db.EndpointGroups.Where(g => groupIds.Contains(g.Id)).ToListAsync();
        if (alone.Count == 0 && groups.Count == 0) return null;
        return [.. (await All(db)).Where(e => alone.Contains(e.Id) || groups.Exists(g => EndpointGroupApi.Fits(g, e)))];
    }

    /// <summary>Endpoints of this server as rows, with the place of the project still open.</summary>
    public IEnumerable<EndpointRow> Own() => Offered.SelectMany(o => Interfaces.Select(name => new EndpointRow
    {
        Id = EndpointId(o.Type, name), Interface = name, RegionId = Region, ServiceId = ServiceId(o.Type), Enabled = true, Url = options.PublicUrl + o.Service.Root + o.Service.CatalogPath,
    }));

    private static JsonObject Entry(string id, string type, string name, IEnumerable<JsonObject> endpoints) => new()
    {
        ["id"] = id, ["type"] = type, ["name"] = name, ["endpoints"] = new JsonArray([.. endpoints]),
    };

    private static JsonObject? Endpoint(string id, string name, string? region, string url, string? projectId)
    {
        if (projectId is null && (url.Contains("%(", StringComparison.Ordinal) || url.Contains("$(", StringComparison.Ordinal))) return null;
        foreach (var place in new[] { "%(project_id)s", "$(project_id)s", "%(tenant_id)s", "$(tenant_id)s" }) url = url.Replace(place, projectId);
        return new JsonObject { ["id"] = id, ["interface"] = name, ["region"] = region, ["region_id"] = region, ["url"] = url };
    }

    private async Task<Added> Extra()
    {
        var now = await epoch.Now();
        lock (_gate) if (_added is { } known && known.Epoch == now) return known.Rows;
        var rows = await store.Read(async db => new Added(await db.Services.Where(s => s.Enabled).ToListAsync(), await db.Endpoints.Where(e => e.Enabled).ToListAsync(),
            [.. await db.ProjectEndpoints.Select(p => p.ProjectId).Union(db.ProjectEndpointGroups.Select(p => p.ProjectId)).ToListAsync()]));
        lock (_gate) _added = (now, rows);
        return rows;
    }
}
