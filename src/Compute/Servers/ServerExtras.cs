using System.Text.Json;
using System.Text.RegularExpressions;
using Xiangyun.Compute.Tags;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>What later microversions let a new server say of itself, and where it wants to be placed.</summary>
internal sealed partial record ServerExtras
{
    public static readonly ServerExtras None = new();

    public string? Description { get; init; }
    public string? Hostname { get; init; }
    public string DiskConfig { get; init; } = "MANUAL";
    public IReadOnlyList<string> Tags { get; init; } = [];
    public PlacementHints Hints { get; init; } = PlacementHints.None;

    public static ServerExtras Read(Fields server, Fields? hints, Call call)
    {
        var networks = server.Raw("networks");
        if (call.AtLeast(37) && networks is null) throw CloudError.Invalid("Invalid input: 'server.networks' is a required property: a list, 'auto' or 'none'.");
        if (!call.AtLeast(37) && networks is { ValueKind: JsonValueKind.String }) throw CloudError.Invalid("Invalid input for field/attribute networks. It must be a list; 'auto' and 'none' are for microversion 2.37 and later.");
        if (call.AtLeast(57) && server.Has("personality")) throw CloudError.Invalid("Unrecognized attribute(s) 'personality' in server: microversion 2.57 took it away. Use user_data.");
        return new ServerExtras
        {
            Description = call.AtLeast(19) ? server.TextOr("description") : null, Hostname = call.AtLeast(90) ? Host(server) : null,
            DiskConfig = server.OneOf("OS-DCF:diskConfig", "AUTO", "MANUAL") ?? "MANUAL",
            Tags = call.AtLeast(52) ? TagRules.Checked(server.TextsOr("tags", 1000)) : [], Hints = PlacementHints.Read(hints),
        };
    }

    /// <summary>A name that DNS can carry.</summary>
    public static string? Host(Fields server)
    {
        var name = server.TextOr("hostname");
        return name is null || HostShape().IsMatch(name) ? name : throw CloudError.Invalid("Invalid input for field/attribute hostname. It must be a DNS label: letters, digits and inner dashes, at most 63.");
    }

    [GeneratedRegex("^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$")]
    private static partial Regex HostShape();
}
