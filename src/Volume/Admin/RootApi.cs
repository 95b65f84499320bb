using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Admin;

/// <summary>Versions, extensions and zones: what clients look at before they do anything.</summary>
internal sealed class RootApi(Database database, IHosts hosts) : IApi
{
    private static readonly (string Alias, string Name, string Description)[] Extensions =
    [
        ("os-volume-actions", "VolumeActions", "Actions on volumes."),
        ("os-admin-actions", "AdminActions", "Administrators' actions on volumes."),
        ("os-availability-zone", "AvailabilityZones", "Availability zones."),
        ("capabilities", "Capabilities", "What one host's storage can do."),
        ("os-extended-services", "ExtendedServices", "Why a service is disabled."),
        ("os-hosts", "Hosts", "Hosts that keep volumes."),
        ("qos-specs", "Qos_specs_manage", "Limits for the volumes of a type, kept and shown; not enforced."),
        ("os-quota-sets", "Quotas", "Limits of a project."),
        ("os-services", "Services", "Services and their state."),
        ("os-types-extra-specs", "TypesExtraSpecs", "Extra specs of volume types."),
        ("os-types-manage", "TypesManage", "Managing volume types."),
        ("os-used-limits", "UsedLimits", "Used limits."),
        ("os-vol-host-attr", "VolumeHostAttribute", "Host of a volume, for administrators."),
        ("os-vol-image-meta", "VolumeImageMetadata", "Metadata of the image that a volume was made of."),
        ("os-vol-tenant-attr", "VolumeTenantAttribute", "Project of a volume."),
        ("os-volume-type-access", "VolumeTypeAccess", "Projects that may use a type."),
        ("scheduler-stats", "Scheduler_stats", "Pools and their capacity."),
    ];

    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Root("", call => Task.FromResult(Versions(call, 300)));
        routes.Root("/v3", call => Task.FromResult(Versions(call, 200)));
        routes.Get("/extensions", "volume:read", _ => Task.FromResult(Answer.Ok(new JsonObject { ["extensions"] = new JsonArray([.. Extensions.Select(Extension)]) })));
        routes.Get("/os-availability-zone", "volume:read", Zones);
    }

    private Answer Versions(Call call, int status) => new(status, new JsonObject
    {
        ["versions"] = new JsonArray(new JsonObject
        {
            ["id"] = "v3.0", ["status"] = "CURRENT", ["version"] = Service.Versions!.Max.ToString(), ["min_version"] = Service.Versions.Min.ToString(), ["updated"] = "2026-01-01T00:00:00Z",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link("/volume/v3/") }),
            ["media-types"] = new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = "application/vnd.openstack.volume+json;version=3" }),
        }),
    });

    private static JsonNode Extension((string Alias, string Name, string Description) e) => new JsonObject
    {
        ["alias"] = e.Alias, ["name"] = e.Name, ["description"] = e.Description, ["updated"] = "2026-01-01T00:00:00+00:00", ["links"] = new JsonArray(),
    };

    private async Task<Answer> Zones(Call call)
    {
        var zones = (await database.Read(hosts.All, call.Stop)).GroupBy(h => h.Zone).OrderBy(g => g.Key, StringComparer.Ordinal);
        return Answer.Ok(new JsonObject
        {
            ["availabilityZoneInfo"] = new JsonArray([.. zones.Select(z => new JsonObject { ["zoneName"] = z.Key, ["zoneState"] = new JsonObject { ["available"] = z.Any(h => h.Enabled) } })]),
        });
    }
}
