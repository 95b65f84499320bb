using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Bmc;

/// <summary>
/// A machine whose controller speaks Redfish (DMTF DSP0266, schemas ComputerSystem, Chassis, Power and EnvironmentMetrics). What a service can do is read from
/// the service itself: where the reset action is, and which kinds of reset it allows.
/// </summary>
public sealed class RedfishBmc(RedfishOptions options) : IBmc
{
    private readonly RedfishSession _session = new(options);

    public async Task<BmcSeen> Look(CancellationToken ct)
    {
        var system = await System("look", ct);
        var model = string.Join(' ', new[] { Text(system, "Manufacturer"), Text(system, "Model") }.Where(w => w.Length > 0));
        return new BmcSeen(On(system), await Watts(system, ct), model);
    }

    public async Task Ensure(PowerWish wish, CancellationToken ct)
    {
        var verb = wish == PowerWish.On ? "on" : "off";
        var system = await System(verb, ct);
        if (On(system) == (wish == PowerWish.On)) return;
        var reset = system["Actions"]?["#ComputerSystem.Reset"] ?? throw new EngineFault("redfish", verb, "its system has no reset action", transient: false);
        var target = Text(reset, "target");
        var allowed = await Allowed(verb, reset, ct);
        var kind = Kinds(wish).FirstOrDefault(k => allowed.Count == 0 || allowed.Contains(k))
            ?? throw new EngineFault("redfish", verb, $"its system cannot be switched {verb}; it allows only {string.Join(", ", allowed)}", transient: false);
        await _session.Post(verb, target, new JsonObject { ["ResetType"] = kind }, ct);
    }

    private static string[] Kinds(PowerWish wish) => wish switch
    {
        PowerWish.On => ["On", "ForceOn"],
        PowerWish.Off => ["GracefulShutdown", "ForceOff"],
        _ => ["ForceOff"],
    };

    /// <returns>Empty = the service does not say.</returns>
    private async Task<List<string>> Allowed(string verb, JsonNode reset, CancellationToken ct)
    {
        var values = reset["ResetType@Redfish.AllowableValues"] as JsonArray;
        if (values is null && (string?)reset["@Redfish.ActionInfo"] is { } info)
            values = ((await _session.Get(verb, info, ct))["Parameters"] as JsonArray)?.FirstOrDefault(p => Text(p!, "Name") == "ResetType")?["AllowableValues"] as JsonArray;
        return [.. (values ?? []).Select(v => (string)v!)];
    }

    private async Task<JsonNode> System(string verb, CancellationToken ct)
    {
        var path = options.System is { } id ? "/redfish/v1/Systems/" + Uri.EscapeDataString(id)
            : Links((await _session.Get(verb, "/redfish/v1/Systems", ct))["Members"]).FirstOrDefault() ?? throw new EngineFault("redfish", verb, "it manages no system", transient: false);
        return await _session.Get(verb, path, ct);
    }

    /// <summary>Between two states a service names where it goes; that is neither on nor off.</summary>
    private static bool? On(JsonNode system) => Text(system, "PowerState") switch { "On" => true, "Off" => false, _ => null };

    /// <summary>Of the chassis the system is in: older services measure in Power, newer ones in EnvironmentMetrics.</summary>
    private async Task<double?> Watts(JsonNode system, CancellationToken ct)
    {
        if (Links(system["Links"]?["Chassis"]).FirstOrDefault() is not { } path) return null;
        var chassis = await _session.Get("watts", path, ct);
        if ((string?)chassis["EnvironmentMetrics"]?["@odata.id"] is { } metrics && Number((await _session.Get("watts", metrics, ct))["PowerWatts"]?["Reading"]) is { } reading) return reading;
        if ((string?)chassis["Power"]?["@odata.id"] is not { } power) return null;
        return ((await _session.Get("watts", power, ct))["PowerControl"] as JsonArray)?.Select(c => Number(c?["PowerConsumedWatts"])).FirstOrDefault(w => w is not null);
    }

    private static IEnumerable<string> Links(JsonNode? list) => (list as JsonArray ?? []).Select(l => (string?)l?["@odata.id"]).OfType<string>();

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string Text(JsonNode node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public void Dispose() => _session.Dispose();
}
