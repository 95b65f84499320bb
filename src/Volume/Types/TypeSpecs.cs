using System.Text.Json;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Volume.Admin;

namespace Xiangyun.Volume.Types;

/// <summary>What the extra specs of a type demand: of the host, of the zone, of the file. Anything else is a note.</summary>
internal sealed class TypeSpecs
{
    private const string Scope = "capabilities:";
    private readonly Dictionary<string, string> _demands = [];

    /// <summary>Several servers may have such a volume at once.</summary>
    public bool Multiattach { get; private init; }
    /// <summary>Null = any zone.</summary>
    public IReadOnlyList<string>? Zones { get; private init; }

    public static TypeSpecs Of(IEnumerable<SpecRow> rows)
    {
        var specs = rows.ToDictionary(r => r.Name, r => r.Value);
        var made = new TypeSpecs
        {
            Multiattach = specs.GetValueOrDefault("multiattach") is { } m && m.Trim().Equals("<is> True", StringComparison.OrdinalIgnoreCase),
            Zones = specs.GetValueOrDefault("RESKEY:availability_zones")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        foreach (var (key, value) in specs)
            if (key.StartsWith(Scope, StringComparison.Ordinal)) made._demands[key[Scope.Length..]] = value;
            else if (key is "volume_backend_name" or "vendor_name" or "storage_protocol" or "driver_version") made._demands[key] = value;
        return made;
    }

    /// <summary>Why no host can keep such a volume, in plain words; null = one can.</summary>
    public string? Lacking(IReadOnlyList<HostView> hosts)
    {
        if (hosts.Count == 0) return null; // "no host at all" is said by the placement
        foreach (var (key, wanted) in _demands)
        {
            var offers = hosts.Select(h => HostApi.Capabilities(h)[key]?.ToString() ?? "nothing").Distinct().ToList();
            if (!offers.Contains(wanted)) return $"schedule allocate volume: Could not find any available weighted backend: the volume type wants {key} = {wanted}, the hosts have {string.Join(", ", offers)}.";
        }
        return null;
    }

    /// <summary>An image without bytes, as Compute makes of a server that boots from a volume, names the snapshot that it stands for.</summary>
    public static string? SnapshotOf(ImageView image)
    {
        if (!image.Properties.TryGetValue("block_device_mapping", out var text)) return null;
        try
        {
            using var mapping = JsonDocument.Parse(text);
            return mapping.RootElement.ValueKind != JsonValueKind.Array ? null : mapping.RootElement.EnumerateArray()
                .Where(d => d.TryGetProperty("boot_index", out var index) && index.ToString() == "0" && d.TryGetProperty("snapshot_id", out _)).Select(d => d.GetProperty("snapshot_id").GetString()).FirstOrDefault();
        }
        catch (JsonException)
        {
            return null; // a property that somebody wrote by hand: not Compute's
        }
    }
}
