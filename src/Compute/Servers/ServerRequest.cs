using System.Security.Cryptography;
using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>POST /servers, read and checked: what the caller asks for before anything is looked up.</summary>
internal sealed record ServerRequest
{
    public required string Name { get; init; }
    public string? ImageId { get; init; }
    public required string FlavorId { get; init; }
    /// <summary>null = choose for me; empty = none.</summary>
    public IReadOnlyList<NicRequest>? Nics { get; init; }
    public IReadOnlyList<string>? SecurityGroups { get; init; }
    public string? KeyName { get; init; }
    public string? UserData { get; init; }
    public bool ConfigDrive { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
    public string? Zone { get; init; }
    public string? Host { get; init; }
    public int Min { get; init; } = 1;
    public int Max { get; init; } = 1;
    public IReadOnlyList<BlockDevice> Devices { get; init; } = [];
    public IReadOnlyList<Personality>? Personality { get; init; }
    public bool ReturnReservation { get; init; }
    /// <summary>Handed back in the answer and never stored; the guest learns it only from the caller.</summary>
    public required string AdminPassword { get; init; }
    public string AccessIpv4 { get; init; } = "";
    public string AccessIpv6 { get; init; } = "";
    public ServerExtras Extras { get; init; } = ServerExtras.None;

    public static ServerRequest Read(Fields body, Call call)
    {
        var name = body.Text("name", 1).Trim();
        if (name.Length == 0) throw CloudError.Invalid("Invalid input for field/attribute name. It must be 1 to 255 characters long and not blank.");
        var (devices, personality) = (BlockDevice.Read(body, call), Servers.Personality.Read(body, call));
        if (call.AtLeast(63) && body.ItemsOr("trusted_image_certificates") is { Count: > 0 }) throw CloudError.Invalid("trusted_image_certificates is not offered: this cloud does not validate signatures of images.");
        var (min, max) = ((int)(body.NumberOr("min_count", 1, 1000) ?? 1), (int)(body.NumberOr("max_count", 1, 1000) ?? body.NumberOr("min_count", 1, 1000) ?? 1));
        if (min > max) throw CloudError.Invalid("min_count must be <= max_count");
        var zone = body.TextOr("availability_zone")?.Split(':');
        if (zone is { Length: > 1 } && !call.Actor.IsAdmin) throw CloudError.Forbidden("Only administrators may name a host (ZONE:HOST) in availability_zone.");
        var host = zone is { Length: > 1 } ? zone[1] : null;
        if (call.AtLeast(74)) host = NamedHost(body, call) ?? host;
        var request = new ServerRequest
        {
            Name = name, ImageId = Image(body, devices), Devices = devices, Personality = personality, FlavorId = Flavor(body), Nics = ReadNics(body, call),
            SecurityGroups = body.ObjectsOr("security_groups")?.Select(g => g.Text("name", 1)).Distinct().ToList(),
            KeyName = body.TextOr("key_name", 1), UserData = ReadUserData(body), ConfigDrive = body.FlagOr("config_drive") ?? false, Metadata = body.MapOr("metadata") ?? [], Zone = zone is [{ Length: > 0 }, ..] ? zone[0] : null, Host = host,
            AdminPassword = body.TextOr("adminPass") is { Length: > 0 } given ? given : RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 12),
            Min = min, Max = max, ReturnReservation = body.FlagOr("return_reservation_id") ?? false, AccessIpv4 = Address(body, "accessIPv4", 4), AccessIpv6 = Address(body, "accessIPv6", 6),
        };
        body.OneOf("OS-DCF:diskConfig", "AUTO", "MANUAL");
        body.Done();
        return request;
    }

    private static string? Image(Fields body, IReadOnlyList<BlockDevice> devices)
    {
        var reference = body.TextOr("imageRef", 0, 2048);
        if (string.IsNullOrEmpty(reference)) return devices.Count > 0 ? null : throw CloudError.Invalid("Invalid imageRef provided: name the image to boot from, or a volume in block_device_mapping_v2.");
        return Id.Canonical(reference[(reference.LastIndexOf('/') + 1)..]) ?? throw CloudError.Invalid($"Invalid imageRef provided: '{reference}' is not a UUID.");
    }

    /// <summary>Each host runs one hypervisor, which has its name.</summary>
    private static string? NamedHost(Fields body, Call call)
    {
        var (host, hypervisor) = (body.TextOr("host", 1), body.TextOr("hypervisor_hostname", 1)?.Replace(" (simulated)", "", StringComparison.Ordinal));
        if ((host ?? hypervisor) is null) return null;
        if (!call.Actor.IsAdmin) throw CloudError.Forbidden("Policy doesn't allow compute:servers:create:requested_destination to be performed.");
        if (host is not null && hypervisor is not null && host != hypervisor) throw CloudError.Invalid($"No valid host was found: {host} does not run hypervisor {hypervisor}.");
        return host ?? hypervisor;
    }

    private static string Flavor(Fields body)
    {
        var reference = body.Raw("flavorRef") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : body.Text("flavorRef", 1);
        return reference[(reference.LastIndexOf('/') + 1)..];
    }

    private static List<NicRequest>? ReadNics(Fields body, Call call)
    {
        if (body.Raw("networks") is { ValueKind: JsonValueKind.String } word)
            return word.GetString() switch { "auto" => null, "none" => [], var other => throw CloudError.Invalid($"Invalid input for field/attribute networks. Value: {other}. It must be a list, 'auto' or 'none'.") };
        return body.ObjectsOr("networks")?.Select(n =>
        {
            var nic = new NicRequest(n.IdOr("uuid"), n.IdOr("port"), n.TextOr("fixed_ip")) { Tag = call.AtLeast(32) && !call.AtLeast(33) || call.AtLeast(42) ? BlockDevice.TagOf(n) : null };
            n.Done();
            if (nic.NetworkId is null && nic.PortId is null) throw CloudError.Invalid("Each of 'networks' must name a 'uuid' (of a network) or a 'port'.");
            if (nic.FixedIp is { } ip && !System.Net.IPAddress.TryParse(ip, out _)) throw CloudError.Invalid($"Invalid input for field/attribute fixed_ip. Value: {ip}. It must be an IP address.");
            return nic;
        }).ToList();
    }

    internal static string? ReadUserData(Fields body)
    {
        if (body.TextOr("user_data", 0, 65_535) is not { } text) return null;
        return Convert.TryFromBase64String(text, new byte[text.Length], out _) ? text : throw CloudError.Invalid("Invalid input for field/attribute user_data. It must be base64 text of at most 65535 characters.");
    }

    internal static string Address(Fields body, string name, int version)
    {
        if (body.TextOr(name) is not { Length: > 0 } text) return "";
        var right = System.Net.IPAddress.TryParse(text, out var ip) && ip.AddressFamily == (version == 4 ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6);
        return right && (version == 6 || text.Count(c => c == '.') == 3) ? ip!.ToString() : throw CloudError.Invalid($"Invalid input for field/attribute {name}. Value: {text}. '{text}' is not a 'ipv{version}'.");
    }
}
