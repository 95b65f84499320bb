using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>The catalogue: exactly the services that this server answers, each under all of its type names.</summary>
internal sealed class CatalogView(IServiceProvider services, CatalogOptions options)
{
    private static readonly string[] Interfaces = ["public", "internal", "admin"];
    private IReadOnlyList<(string Type, Service Service)>? _offered;

    /// <summary>Read late: the list of APIs contains this module's own.</summary>
    public IReadOnlyList<(string Type, Service Service)> Offered => _offered ??=
        [.. services.GetServices<IApi>().Select(a => a.Service).DistinctBy(s => s.Name).SelectMany(s => s.Types.Select(t => (t, s)))];

    public string Region => options.Region;

    public static string ServiceId(string type) => Id.From("service:" + type);

    public JsonArray Of(string? projectId) => [.. Offered.Select(o => new JsonObject
    {
        ["id"] = ServiceId(o.Type), ["type"] = o.Type, ["name"] = o.Service.Name,
        ["endpoints"] = new JsonArray([.. Endpoints(o.Type, o.Service, projectId)]),
    })];

    public IEnumerable<JsonObject> Endpoints(string type, Service service, string? projectId)
    {
        if (projectId is null && service.CatalogPath.Contains('%')) yield break;
        foreach (var name in Interfaces)
            yield return new JsonObject
            {
                ["id"] = Id.From($"endpoint:{type}:{name}"), ["interface"] = name, ["region"] = Region, ["region_id"] = Region,
                ["url"] = options.PublicUrl + service.Root + service.CatalogPath.Replace("%(project_id)s", projectId),
            };
    }

    public IEnumerable<JsonObject> Templates() => Offered.SelectMany(o => Interfaces.Select(name => new JsonObject
    {
        ["id"] = Id.From($"endpoint:{o.Type}:{name}"), ["interface"] = name, ["region"] = Region, ["region_id"] = Region, ["service_id"] = ServiceId(o.Type),
        ["enabled"] = true, ["url"] = options.PublicUrl + o.Service.Root + o.Service.CatalogPath,
    }));
}
