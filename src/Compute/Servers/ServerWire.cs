using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>Which answer a server stands in: they differ until 2.75 makes them one.</summary>
internal enum Shape { Show, List, Update, Rebuild }

/// <summary>
/// A server as each microversion shows it. Written straight as bytes: a page has a thousand of them, and building trees
/// first takes longer than reading the database.
/// </summary>
internal static class ServerWire
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static JsonObject Short(ServerRow s, Call call) => new() { ["id"] = s.Id, ["name"] = s.Name, ["links"] = Nova.Links(call, "/servers/" + s.Id) };

    public static JsonObject Of(ServerRow s, ServerSurroundings around, Call call, Shape shape = Shape.Show)
    {
        var bytes = Bytes(w => Write(w, s, around, new Asked(call), shape));
        return JsonNode.Parse(bytes.Span)!.AsObject();
    }

    /// <summary>GET /servers/detail: sent while it is written, so that no buffer holds a whole page.</summary>
    public static Answer Page(Slice<ServerRow> slice, ServerSurroundings around, Call call) => new(200)
    {
        Write = async http =>
        {
            http.Response.ContentType = "application/json";
            await using var w = new Utf8JsonWriter(http.Response.BodyWriter, Options);
            var asked = new Asked(call);
            w.WriteStartObject();
            w.WriteStartArray("servers"u8);
            foreach (var row in slice.Rows)
            {
                Write(w, row, around, asked, Shape.List);
                if (w.BytesPending > 32 * 1024) await w.FlushAsync(call.Stop);
            }
            w.WriteEndArray();
            if (slice.More)
            {
                w.WriteStartArray("servers_links"u8);
                ServerParts.Link(w, "next", call.NextLink(slice.Rows[^1].Id));
                w.WriteEndArray();
            }
            w.WriteEndObject();
            await w.FlushAsync(call.Stop);
        },
    };

    public static JsonObject Addresses(IEnumerable<ShownPort> ports) => JsonNode.Parse(Bytes(w => ServerParts.Addresses(w, ports, full: false)).Span)!.AsObject();

    private static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter w, ServerRow s, ServerSurroundings around, Asked call, Shape shape)
    {
        var status = ServerStatus.Of(s);
        var host = s.HostId is { } id && around.Hosts.TryGetValue(id, out var found) ? found : null;
        var whole = shape is Shape.Show or Shape.List || call.AtLeast(75);
        w.WriteStartObject();
        Core(w, s, around, call, status, host, whole);
        if (call.AtLeast(9)) w.WriteBoolean("locked"u8, s.Locked);
        if (call.AtLeast(19)) w.WriteString("description"u8, s.Description);
        if (call.AtLeast(26)) ServerParts.Texts(w, "tags"u8, around.Tags[s.Id]);
        if (call.AtLeast(54) && (shape == Shape.Rebuild || whole) || whole) w.WriteString("key_name"u8, s.KeyName);
        if (call.AtLeast(57) && shape == Shape.Rebuild) w.WriteString("user_data"u8, s.UserData);
        if (call.AtLeast(63)) w.WriteNull("trusted_image_certificates"u8);
        if (call.AtLeast(71) && shape != Shape.List) ServerParts.Texts(w, "server_groups"u8, around.Groups.TryGetValue(s.Id, out var group) ? [group] : []);
        if (call.AtLeast(73)) w.WriteString("locked_reason"u8, s.Locked ? s.LockedReason : null);
        if (whole) Extended(w, s, around, call, status, host);
        if (whole && call.IsAdmin) Administrators(w, s, around, call, host, shape);
        else if (whole && call.AtLeast(90)) w.WriteString("OS-EXT-SRV-ATTR:hostname"u8, ServerParts.Hostname(s));
        w.WriteEndObject();
    }

    private static void Core(Utf8JsonWriter w, ServerRow s, ServerSurroundings around, Asked call, ServerStatus status, HostView? host, bool whole)
    {
        w.WriteString("id"u8, s.Id);
        w.WriteString("name"u8, s.Name);
        w.WriteString("status"u8, status.Status);
        w.WriteString("tenant_id"u8, s.ProjectId);
        w.WriteString("user_id"u8, s.UserId);
        w.WritePropertyName("metadata"u8);
        w.WriteRawValue(s.Metadata, skipInputValidation: true);
        w.WriteString("hostId"u8, host is null ? "" : call.HostId(s.ProjectId, host.Name));
        ServerParts.Image(w, s, call);
        if (call.AtLeast(47)) ServerParts.Flavor(w, s, around.Flavors.GetValueOrDefault(s.FlavorId));
        else ServerParts.FlavorLink(w, s, call);
        w.WriteString("created"u8, Clock.Seconds(s.CreatedAt));
        w.WriteString("updated"u8, Clock.Seconds(s.UpdatedAt));
        w.WritePropertyName("addresses"u8);
        ServerParts.Addresses(w, around.Ports[s.Id], whole);
        w.WriteString("accessIPv4"u8, s.AccessIpv4);
        w.WriteString("accessIPv6"u8, s.AccessIpv6);
        ServerParts.Links(w, call, s.Id);
        w.WriteString("OS-DCF:diskConfig"u8, s.DiskConfig);
        if (status.Status is "ACTIVE" or "BUILD" or "REBUILD" or "RESIZE" or "VERIFY_RESIZE" or "MIGRATING") w.WriteNumber("progress"u8, status.Status is "ACTIVE" or "VERIFY_RESIZE" ? 100 : 0);
        if (status.Status is "ERROR" && (s.Fault ?? s.SeenFault) is { } fault) ServerParts.Fault(w, s, fault, around.Details.GetValueOrDefault(s.Id));
    }

    private static void Extended(Utf8JsonWriter w, ServerRow s, ServerSurroundings around, Asked call, ServerStatus status, HostView? host)
    {
        w.WriteString("OS-EXT-AZ:availability_zone"u8, host?.Zone ?? (s.HostId is null ? "" : s.Zone));
        w.WriteString("config_drive"u8, s.ConfigDrive ? "True" : "");
        w.WriteString("OS-SRV-USG:launched_at"u8, Clock.Micros(s.LaunchedAt));
        w.WriteString("OS-SRV-USG:terminated_at"u8, Clock.Micros(s.DeletedAt));
        w.WriteString("OS-EXT-STS:task_state"u8, status.TaskState);
        w.WriteString("OS-EXT-STS:vm_state"u8, status.VmState);
        w.WriteNumber("OS-EXT-STS:power_state"u8, status.PowerState);
        ServerParts.Volumes(w, around.Volumes[s.Id], call.AtLeast(3));
        ServerParts.Groups(w, around.Ports[s.Id]);
    }

    private static void Administrators(Utf8JsonWriter w, ServerRow s, ServerSurroundings around, Asked call, HostView? host, Shape shape)
    {
        w.WriteString("OS-EXT-SRV-ATTR:host"u8, host?.Name);
        w.WriteString("OS-EXT-SRV-ATTR:instance_name"u8, "xy-" + s.Id);
        w.WriteString("OS-EXT-SRV-ATTR:hypervisor_hostname"u8, host is { Simulated: true } ? host.Name + " (simulated)" : host?.Name);
        if (call.AtLeast(16)) w.WriteString("host_status"u8, ServerParts.HostStatus(host, host is not null && around.ForcedDown.Contains(host.Id)));
        if (!call.AtLeast(3)) return;
        w.WriteString("OS-EXT-SRV-ATTR:reservation_id"u8, s.ReservationId);
        w.WriteNumber("OS-EXT-SRV-ATTR:launch_index"u8, s.LaunchIndex);
        w.WriteString("OS-EXT-SRV-ATTR:kernel_id"u8, "");
        w.WriteString("OS-EXT-SRV-ATTR:ramdisk_id"u8, "");
        w.WriteString("OS-EXT-SRV-ATTR:hostname"u8, ServerParts.Hostname(s));
        w.WriteString("OS-EXT-SRV-ATTR:root_device_name"u8, "/dev/vda");
        if (shape != Shape.Rebuild) w.WriteString("OS-EXT-SRV-ATTR:user_data"u8, s.UserData);
    }

    /// <summary>The same host looks different to each project: SHA-224 is Nova's form, cut from SHA-256 here (56 hex digits).</summary>
    public static string HostId(string projectId, string host) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(projectId + host)))[..56];
}
