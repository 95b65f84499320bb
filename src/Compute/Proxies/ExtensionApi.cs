using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>The list of extensions, frozen in Nova for years: old clients look here for what they may call.</summary>
internal sealed class ExtensionApi : IApi
{
    private static readonly (string Alias, string Name)[] All =
    [
        ("NMN", "Multinic"), ("OS-DCF", "DiskConfig"), ("OS-EXT-AZ", "ExtendedAvailabilityZone"), ("OS-EXT-IPS", "ExtendedIps"), ("OS-EXT-IPS-MAC", "ExtendedIpsMac"), ("OS-EXT-SRV-ATTR", "ExtendedServerAttributes"),
        ("OS-EXT-STS", "ExtendedStatus"), ("OS-FLV-DISABLED", "FlavorDisabled"), ("OS-FLV-EXT-DATA", "FlavorExtraData"), ("OS-SCH-HNT", "SchedulerHints"), ("OS-SRV-USG", "ServerUsage"), ("os-admin-actions", "AdminActions"),
        ("os-aggregates", "Aggregates"), ("os-attach-interfaces", "AttachInterfaces"), ("os-availability-zone", "AvailabilityZone"), ("os-config-drive", "ConfigDrive"), ("os-console-output", "ConsoleOutput"),
        ("os-consoles", "Consoles"), ("os-create-server-ext", "Createserverext"), ("os-deferred-delete", "DeferredDelete"), ("os-extended-volumes", "ExtendedVolumes"), ("os-flavor-access", "FlavorAccess"),
        ("os-flavor-extra-specs", "FlavorExtraSpecs"), ("os-flavor-manage", "FlavorManage"), ("os-flavor-rxtx", "FlavorRxtx"), ("os-floating-ip-pools", "FloatingIpPools"), ("os-floating-ips", "FloatingIps"), ("os-hosts", "Hosts"),
        ("os-hypervisors", "Hypervisors"), ("os-instance-actions", "InstanceActions"), ("os-instance_usage_audit_log", "OSInstanceUsageAuditLog"), ("os-keypairs", "Keypairs"), ("os-migrations", "Migrations"),
        ("os-multiple-create", "MultipleCreate"), ("os-networks", "Networks"), ("os-quota-class-sets", "QuotaClasses"), ("os-quota-sets", "Quotas"), ("os-security-groups", "SecurityGroups"), ("os-server-diagnostics", "ServerDiagnostics"),
        ("os-server-external-events", "ServerExternalEvents"), ("os-server-groups", "ServerGroups"), ("os-server-password", "ServerPassword"), ("os-services", "Services"), ("os-simple-tenant-usage", "SimpleTenantUsage"),
        ("os-tenant-networks", "OSTenantNetworks"), ("os-used-limits", "UsedLimits"), ("os-user-data", "UserData"), ("os-virtual-interfaces", "VirtualInterfaces"), ("os-volumes", "Volumes"),
    ];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/extensions", "compute:read_quota", _ => Task.FromResult(Answer.Ok(new JsonObject { ["extensions"] = new JsonArray([.. All.Select(Wire)]) })));
        r.Get("/extensions/{alias}", "compute:read_quota", call => Task.FromResult(Answer.Ok(new JsonObject
        {
            ["extension"] = All.FirstOrDefault(e => e.Alias == call["alias"]) is { Alias: not null } found ? Wire(found) : throw CloudError.NotFound($"Extension {call["alias"]} could not be found."),
        })));
    }

    private static JsonObject Wire((string Alias, string Name) e) => new()
    {
        ["alias"] = e.Alias, ["name"] = e.Name, ["description"] = "", ["updated"] = "2014-12-03T00:00:00Z", ["namespace"] = "http://docs.openstack.org/compute/ext/fake_xml", ["links"] = new JsonArray(),
    };
}
