using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xiangyun.Compute.Attachments;
using Xiangyun.Compute.Servers;
using Xiangyun.Network.Public;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Metadata;

/// <summary>What a guest reads at 169.254.169.254: the OpenStack and the EC2 trees, as path and body in a fixed order.</summary>
internal static partial class GuestMetadata
{
    public static IEnumerable<(string Path, string Body)> Of(ServerRow s, IReadOnlyList<PortView> ports, IReadOnlyList<AttachmentView> volumes, IEnumerable<DeviceTagRow> tags)
    {
        var files = Personality.Of(s);
        var host = s.Hostname ?? Hostname(s.Name);
        var meta = new JsonObject
        {
            ["uuid"] = s.Id, ["hostname"] = host, ["name"] = s.Name, ["launch_index"] = s.LaunchIndex, ["availability_zone"] = s.Zone, ["project_id"] = s.ProjectId, ["devices"] = Devices(ports, volumes, tags.ToDictionary(t => (t.Kind, t.DeviceId), t => t.Tag)),
            ["meta"] = JsonNode.Parse(s.Metadata),
        };
        if (s.PublicKey is not null)
        {
            meta["public_keys"] = new JsonObject { [s.KeyName!] = s.PublicKey };
            meta["keys"] = new JsonArray(new JsonObject { ["name"] = s.KeyName, ["type"] = "ssh", ["data"] = s.PublicKey });
        }
        if (files.Count > 0) meta["files"] = new JsonArray([.. files.Select((f, i) => new JsonObject { ["path"] = f.Path, ["content_path"] = $"/content/{i:0000}" })]);
        var data = s.UserData is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(s.UserData));
        foreach (var version in new[] { "latest", "2018-08-27" })
        {
            yield return ($"openstack/{version}/meta_data.json", meta.ToJsonString(Json.Options));
            yield return ($"openstack/{version}/network_data.json", NetworkData(ports).ToJsonString(Json.Options));
            yield return ($"openstack/{version}/vendor_data.json", "{}");
            if (data is not null) yield return ($"openstack/{version}/user_data", data);
        }
        foreach (var (file, i) in files.Select((f, i) => (f, i))) yield return ($"openstack/content/{i:0000}", Encoding.UTF8.GetString(Convert.FromBase64String(file.Contents)));
        foreach (var version in new[] { "latest", "2009-04-04" })
        {
            foreach (var (name, value) in Ec2(s, host, ports)) yield return ($"{version}/meta-data/{name}", value);
            if (data is not null) yield return ($"{version}/user-data", data);
        }
    }

    /// <summary>Devices that carry a label. Where a guest's bus puts them is the guest's to see: MAC and serial number say which is meant.</summary>
    private static JsonArray Devices(IReadOnlyList<PortView> ports, IReadOnlyList<AttachmentView> volumes, Dictionary<(string, string), string> tags) =>
    [
        .. ports.Where(p => tags.ContainsKey((DeviceTagRow.Port, p.Id))).Select(p => new JsonObject
            { ["type"] = "nic", ["bus"] = "none", ["address"] = "none", ["mac"] = p.Mac, ["tags"] = new JsonArray(tags[(DeviceTagRow.Port, p.Id)]) }),
        .. volumes.Where(v => tags.ContainsKey((DeviceTagRow.Volume, v.VolumeId))).Select(v => new JsonObject
            { ["type"] = "disk", ["bus"] = "none", ["address"] = "none", ["serial"] = v.VolumeId, ["path"] = v.Device, ["tags"] = new JsonArray(tags[(DeviceTagRow.Volume, v.VolumeId)]) }),
    ];

    private static IEnumerable<(string, string)> Ec2(ServerRow s, string host, IReadOnlyList<PortView> ports)
    {
        yield return ("instance-id", "i-" + s.Id[^8..]);
        yield return ("ami-id", s.ImageId ?? "");
        yield return ("hostname", host);
        yield return ("local-hostname", host);
        yield return ("local-ipv4", ports.SelectMany(p => p.Fixed).FirstOrDefault()?.Ip ?? "");
        yield return ("public-ipv4", ports.SelectMany(p => p.FloatingIps).FirstOrDefault() ?? "");
        yield return ("placement/availability-zone", s.Zone);
        if (s.PublicKey is null) yield break;
        yield return ("public-keys/", $"0={s.KeyName}");
        yield return ("public-keys/0/openssh-key", s.PublicKey);
    }

    private static JsonObject NetworkData(IReadOnlyList<PortView> ports) => new()
    {
        ["links"] = new JsonArray([.. ports.Select(p => new JsonObject { ["id"] = "tap" + p.Id[..11], ["type"] = "phy", ["ethernet_mac_address"] = p.Mac, ["mtu"] = p.Mtu, ["vif_id"] = p.Id })]),
        ["networks"] = new JsonArray([.. ports.SelectMany(p => p.Fixed.Select(f => new JsonObject { ["id"] = p.Id + "-" + f.SubnetId, ["network_id"] = p.NetworkId, ["link"] = "tap" + p.Id[..11], ["type"] = "ipv4_dhcp" }))]),
        ["services"] = new JsonArray([.. ports.SelectMany(p => p.Fixed).SelectMany(f => f.DnsServers).Distinct().Select(d => new JsonObject { ["type"] = "dns", ["address"] = d })]),
    };

    /// <summary>A DNS label made of the server's name, which may be any text.</summary>
    public static string Hostname(string name)
    {
        var label = NotAllowed().Replace(name.ToLowerInvariant().Replace('_', '-').Replace(' ', '-').Replace('.', '-'), "").Trim('-');
        return label.Length == 0 ? "server" : label.Length <= 63 ? label : label[..63].TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9-]")]
    private static partial Regex NotAllowed();
}
