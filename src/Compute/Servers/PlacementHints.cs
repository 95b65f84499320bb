using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>Scheduler hints: where a new server shall be, told by other servers.</summary>
internal sealed record PlacementHints(string? GroupId, IReadOnlyList<string> SameHost, IReadOnlyList<string> DifferentHost)
{
    public static readonly PlacementHints None = new(null, [], []);

    public bool Any => GroupId is not null || SameHost.Count > 0 || DifferentHost.Count > 0;

    /// <summary>Hints that nobody knows are ignored, as the API reference says.</summary>
    public static PlacementHints Read(Fields? hints) => hints is null ? None : new PlacementHints(hints.IdOr("group"), Servers(hints, "same_host"), Servers(hints, "different_host"));

    /// <summary>One id or a list of them.</summary>
    private static List<string> Servers(Fields hints, string name) => (hints.Raw(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } => [hints.Text(name)],
        _ => hints.TextsOr(name) ?? [],
    }).Select(text => Id.Canonical(text) ?? throw CloudError.Invalid($"Invalid input for field/attribute {name}. Value: {(text.Length > 80 ? text[..80] : text)}. It must be the id of a server.")).ToList();
}
