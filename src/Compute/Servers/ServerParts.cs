using System.Text.Json;
using Xiangyun.Compute.Metadata;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>The members of a server's JSON that are more than one value.</summary>
internal static class ServerParts
{
    public static void Link(Utf8JsonWriter w, string rel, string href)
    {
        w.WriteStartObject();
        w.WriteString("rel"u8, rel);
        w.WriteString("href"u8, href);
        w.WriteEndObject();
    }

    public static void Links(Utf8JsonWriter w, Asked call, string id)
    {
        w.WriteStartArray("links"u8);
        Link(w, "self", call.Root + "/compute/v2.1/servers/" + id);
        Link(w, "bookmark", call.Root + "/compute/servers/" + id);
        w.WriteEndArray();
    }

    public static void Texts(Utf8JsonWriter w, ReadOnlySpan<byte> name, IEnumerable<string> texts)
    {
        w.WriteStartArray(name);
        foreach (var text in texts) w.WriteStringValue(text);
        w.WriteEndArray();
    }

    private static void Reference(Utf8JsonWriter w, ReadOnlySpan<byte> name, string id, string href)
    {
        w.WriteStartObject(name);
        w.WriteString("id"u8, id);
        w.WriteStartArray("links"u8);
        Link(w, "bookmark", href);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static void Image(Utf8JsonWriter w, ServerRow s, Asked call)
    {
        if (s.ImageId is null) w.WriteString("image"u8, "");
        else Reference(w, "image"u8, s.ImageId, call.Root + "/compute/images/" + s.ImageId);
    }

    public static void FlavorLink(Utf8JsonWriter w, ServerRow s, Asked call) => Reference(w, "flavor"u8, s.FlavorId, call.Root + "/compute/flavors/" + s.FlavorId);

    /// <summary>What the server is made of, in itself, since 2.47.</summary>
    public static void Flavor(Utf8JsonWriter w, ServerRow s, FlavorFacts? facts)
    {
        w.WriteStartObject("flavor"u8);
        w.WriteString("original_name"u8, facts?.Name ?? s.FlavorId);
        w.WriteNumber("vcpus"u8, s.Vcpus);
        w.WriteNumber("ram"u8, s.RamMib);
        w.WriteNumber("disk"u8, s.DiskGib);
        w.WriteNumber("ephemeral"u8, facts?.EphemeralGib ?? 0);
        w.WriteNumber("swap"u8, facts?.SwapMib ?? 0);
        w.WritePropertyName("extra_specs"u8);
        w.WriteRawValue(facts?.ExtraSpecs ?? "{}", skipInputValidation: true);
        w.WriteEndObject();
    }

    public static void Fault(Utf8JsonWriter w, ServerRow s, string fault, string? details)
    {
        w.WriteStartObject("fault"u8);
        w.WriteNumber("code"u8, 500);
        w.WriteString("created"u8, Clock.Seconds(s.FaultAt ?? s.SeenAt));
        w.WriteString("message"u8, fault);
        if (details is not null) w.WriteString("details"u8, details);
        w.WriteEndObject();
    }

    public static void Volumes(Utf8JsonWriter w, IEnumerable<AttachmentView> volumes, bool more)
    {
        w.WriteStartArray("os-extended-volumes:volumes_attached"u8);
        foreach (var volume in volumes)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, volume.VolumeId);
            if (more) w.WriteBoolean("delete_on_termination"u8, volume.DeleteOnTermination);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>The names of the security groups on its ports.</summary>
    public static void Groups(Utf8JsonWriter w, IEnumerable<ShownPort> ports)
    {
        List<string>? seen = null;
        foreach (var port in ports)
            foreach (var name in port.SecurityGroupNames)
                if (seen?.Contains(name) != true) (seen ??= []).Add(name);
        if (seen is null) return;
        w.WriteStartArray("security_groups"u8);
        foreach (var name in seen)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, name);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <param name="full">With type and MAC, as servers show them; the list of addresses alone has neither.</param>
    public static void Addresses(Utf8JsonWriter w, IEnumerable<ShownPort> ports, bool full)
    {
        w.WriteStartObject();
        var all = ports as ICollection<ShownPort> ?? [.. ports];
        if (all.Count == 1) Network(w, all.First().NetworkName, all, full);
        else foreach (var network in all.GroupBy(p => p.NetworkName)) Network(w, network.Key, network, full);
        w.WriteEndObject();
    }

    private static void Network(Utf8JsonWriter w, string name, IEnumerable<ShownPort> ports, bool full)
    {
        if (ports.All(p => p.FixedIps.Count + p.FloatingIps.Count == 0)) return;
        w.WriteStartArray(name);
        foreach (var port in ports)
        {
            foreach (var ip in port.FixedIps) Address(w, ip, "fixed", port.Mac, full);
            foreach (var ip in port.FloatingIps) Address(w, ip, "floating", port.Mac, full);
        }
        w.WriteEndArray();
    }

    private static void Address(Utf8JsonWriter w, string ip, string type, string mac, bool full)
    {
        w.WriteStartObject();
        w.WriteNumber("version"u8, ip.Contains(':') ? 6 : 4);
        w.WriteString("addr"u8, ip);
        if (full)
        {
            w.WriteString("OS-EXT-IPS:type"u8, type);
            w.WriteString("OS-EXT-IPS-MAC:mac_addr"u8, mac);
        }
        w.WriteEndObject();
    }

    public static string Hostname(ServerRow s) => s.Hostname ?? GuestMetadata.Hostname(s.Name);

    /// <summary>What administrators see since 2.16 of the host that a server is on.</summary>
    public static string HostStatus(HostView? host, bool forcedDown) => host is null ? "" : forcedDown ? "DOWN" : !host.Alive ? "UNKNOWN" : host.Enabled ? "UP" : "MAINTENANCE";
}
