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

    private sealed record Added(List<ServiceRow> Services, List<EndpointRow> Endpoints);

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
        IEnumerable<JsonObject?> More(string serviceId) => added.Endpoints.Where(e => e.ServiceId == serviceId).Select(e => Endpoint(e.Id, e.Interface, e.RegionId, e.Url, projectId));
        var offered = Offered.Select(o => Entry(ServiceId(o.Type), o.Type, o.Service.Name,
            Interfaces.Select(name => Endpoint(EndpointId(o.Type, name), name, Region, options.PublicUrl + o.Service.Root + o.Service.CatalogPath, projectId)).Concat(More(ServiceId(o.Type)))));
        var more = added.Services.Select(s => Entry(s.Id, s.Type, s.Name, More(s.Id)));
        return [.. offered.Concat(more)];
    }

    /// <summary>Endpoints of this server as rows, with the place of the project still open.</summary>
    public IEnumerable<EndpointRow> Own() => Offered.SelectMany(o => Interfaces.Select(name => new EndpointRow
    {
        Id = EndpointId(o.Type, name), Interface = name, RegionId = Region, ServiceId = ServiceId(o.Type), Enabled = true, Url = options.PublicUrl + o.Service.Root + o.Service.CatalogPath,
    }));

    private static JsonObject Entry(string id, string type, string name, IEnumerable<JsonObject?> endpoints) => new()
    {
        ["id"] = id, ["type"] = type, ["name"] = name, ["endpoints"] = new JsonArray([.. endpoints.OfType<JsonObject>()]),
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
        var rows = await store.Read(async db => new Added(await db.Services.Where(s => s.Enabled).ToListAsync(), await db.Endpoints.Where(e => e.Enabled).ToListAsync()));
        lock (_gate) _added = (now, rows);
        return rows;
    }
}
