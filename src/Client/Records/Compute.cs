using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xiangyun.Client.Records;

/// <summary>Nova's resources as the SDK reads them (microversion 2.93).</summary>
public sealed record Server
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string Status { get; init; } = "";
    public string? TenantId { get; init; }
    public string? UserId { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? Updated { get; init; }
    public string? Description { get; init; }
    public string? KeyName { get; init; }
    public bool Locked { get; init; }
    public Dictionary<string, List<ServerAddress>> Addresses { get; init; } = [];
    public ServerFlavor? Flavor { get; init; }
    public JsonElement Image { get; init; }
    public ServerFault? Fault { get; init; }
    public Dictionary<string, string> Metadata { get; init; } = [];
    public List<string> Tags { get; init; } = [];
    [JsonPropertyName("OS-EXT-STS:task_state")] public string? Task { get; init; }
    [JsonPropertyName("OS-EXT-STS:power_state")] public int Power { get; init; }
    [JsonPropertyName("OS-EXT-AZ:availability_zone")] public string? Zone { get; init; }
    [JsonPropertyName("OS-EXT-SRV-ATTR:host")] public string? Host { get; init; }
    [JsonPropertyName("OS-SRV-USG:launched_at")] public DateTimeOffset? LaunchedAt { get; init; }
    [JsonPropertyName("os-extended-volumes:volumes_attached")] public List<AttachedVolume> Volumes { get; init; } = [];
    public List<NamedGroup> SecurityGroups { get; init; } = [];

    public string? ImageId => Image.ValueKind == JsonValueKind.Object && Image.TryGetProperty("id", out var id) ? id.GetString() : null;
    public IEnumerable<string> Ips => Addresses.Values.SelectMany(a => a).Select(a => a.Addr);

    /// <summary>Something is still going on with it.</summary>
    public bool Busy => Task is not null || Status is "BUILD" or "REBOOT" or "HARD_REBOOT" or "RESIZE" or "REBUILD" or "MIGRATING" or "DELETING";
}

public sealed record ServerAddress(string Addr, int Version, [property: JsonPropertyName("OS-EXT-IPS:type")] string? Type, [property: JsonPropertyName("OS-EXT-IPS-MAC:mac_addr")] string? Mac);

/// <param name="Ram">MiB.</param>
/// <param name="Disk">GiB.</param>
public sealed record ServerFlavor(string? OriginalName, int Vcpus, int Ram, int Disk);

/// <param name="Details">Host by host why none took it; only administrators are told.</param>
public sealed record ServerFault(int Code, string Message, string? Details, DateTimeOffset? Created);

public sealed record AttachedVolume(string Id);

public sealed record NamedGroup(string Name);

/// <param name="Ram">MiB.</param>
/// <param name="Disk">GiB.</param>
public sealed record Flavor(string Id, string Name, int Vcpus, int Ram, int Disk, [property: JsonPropertyName("os-flavor-access:is_public")] bool Public);

public sealed record Keypair(string Name, string? Fingerprint, string? Type);

public sealed record KeypairEntry(Keypair Keypair);

public sealed record ServerAction(string Action, string? RequestId, string? UserId, DateTimeOffset? StartTime, string? Message);

public sealed record RemoteConsole(string Type, string Url);

public sealed record Zone(string ZoneName);
