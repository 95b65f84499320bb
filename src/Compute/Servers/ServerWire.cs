using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>What else a server's JSON needs, read for a whole page at once.</summary>
internal sealed record ServerSurroundings(ILookup<string, PortView> Ports, ILookup<string, AttachmentView> Volumes, IReadOnlyDictionary<string, HostView> Hosts);

/// <summary>A server as of microversion 2.1.</summary>
internal static class ServerWire
{
    public static JsonObject Short(ServerRow s, Call call) => new() { ["id"] = s.Id, ["name"] = s.Name, ["links"] = Nova.Links(call, "/servers/" + s.Id) };

    public static JsonObject Of(ServerRow s, ServerSurroundings around, Call call)
    {
        var status = ServerStatus.Of(s);
        var ports = around.Ports[s.Id].ToList();
        var host = s.HostId is { } id && around.Hosts.TryGetValue(id, out var found) ? found : null;
        var body = new JsonObject
        {
            ["id"] = s.Id, ["name"] = s.Name, ["status"] = status.Status, ["tenant_id"] = s.ProjectId, ["user_id"] = s.UserId,
            ["metadata"] = JsonNode.Parse(s.Metadata), ["hostId"] = host is null ? "" : HostId(s.ProjectId, host.Name),
            ["image"] = s.ImageId is null ? "" : new JsonObject { ["id"] = s.ImageId, ["links"] = new JsonArray(new JsonObject { ["rel"] = "bookmark", ["href"] = call.Link("/compute/images/" + s.ImageId) }) },
            ["flavor"] = new JsonObject { ["id"] = s.FlavorId, ["links"] = new JsonArray(new JsonObject { ["rel"] = "bookmark", ["href"] = call.Link("/compute/flavors/" + s.FlavorId) }) },
            ["created"] = Clock.Seconds(s.CreatedAt), ["updated"] = Clock.Seconds(s.UpdatedAt), ["addresses"] = Addresses(ports),
            ["accessIPv4"] = s.AccessIpv4, ["accessIPv6"] = s.AccessIpv6, ["links"] = Nova.Links(call, "/servers/" + s.Id), ["OS-DCF:diskConfig"] = "MANUAL",
            ["OS-EXT-AZ:availability_zone"] = host?.Zone ?? (s.HostId is null ? "" : s.Zone), ["config_drive"] = s.ConfigDrive ? "True" : "", ["key_name"] = s.KeyName,
            ["OS-SRV-USG:launched_at"] = Clock.Micros(s.LaunchedAt), ["OS-SRV-USG:terminated_at"] = Clock.Micros(s.DeletedAt),
            ["OS-EXT-STS:task_state"] = status.TaskState, ["OS-EXT-STS:vm_state"] = status.VmState, ["OS-EXT-STS:power_state"] = status.PowerState,
            ["os-extended-volumes:volumes_attached"] = new JsonArray([.. around.Volumes[s.Id].Select(v => new JsonObject { ["id"] = v.VolumeId })]),
        };
        var groups = ports.SelectMany(p => p.SecurityGroupNames).Distinct().ToList();
        if (groups.Count > 0) body["security_groups"] = new JsonArray([.. groups.Select(g => new JsonObject { ["name"] = g })]);
        if (status.Status is "ACTIVE" or "BUILD" or "REBUILD") body["progress"] = status.Status == "ACTIVE" ? 100 : 0;
        if (status.Status is "ERROR" && (s.Fault ?? s.SeenFault) is { } fault)
            body["fault"] = new JsonObject { ["code"] = 500, ["created"] = Clock.Seconds(s.FaultAt ?? s.SeenAt), ["message"] = fault };
        if (!call.Actor.IsAdmin) return body;
        body["OS-EXT-SRV-ATTR:host"] = host?.Name;
        body["OS-EXT-SRV-ATTR:instance_name"] = "xy-" + s.Id;
        body["OS-EXT-SRV-ATTR:hypervisor_hostname"] = host is { Simulated: true } ? host.Name + " (simulated)" : host?.Name;
        return body;
    }

    /// <summary>The same host looks different to each project: SHA-224 is Nova's form, cut from SHA-256 here (56 hex digits).</summary>
    private static string HostId(string projectId, string host) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(projectId + host)))[..56];

    public static JsonObject Addresses(IReadOnlyList<PortView> ports)
    {
        var networks = new JsonObject();
        foreach (var port in ports)
            foreach (var (ip, type) in port.Fixed.Select(f => (f.Ip, "fixed")).Concat(port.FloatingIps.Select(f => (f, "floating"))))
            {
                if (networks[port.NetworkName] is not JsonArray list) networks[port.NetworkName] = list = [];
                list.Add(new JsonObject { ["version"] = ip.Contains(':') ? 6 : 4, ["addr"] = ip, ["OS-EXT-IPS:type"] = type, ["OS-EXT-IPS-MAC:mac_addr"] = port.Mac });
            }
        return networks;
    }
}
