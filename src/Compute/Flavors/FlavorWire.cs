using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Flavors;

/// <summary>The JSON of a flavor: its description since 2.55, its extra specs since 2.61.</summary>
internal static class FlavorWire
{
    public static JsonObject Short(FlavorRow f, Call call)
    {
        var body = new JsonObject { ["id"] = f.Id, ["name"] = f.Name, ["links"] = Nova.Links(call, "/flavors/" + f.Id) };
        if (call.AtLeast(55)) body["description"] = f.Description;
        return body;
    }

    public static JsonObject Of(FlavorRow f, Call call)
    {
        var body = Short(f, call);
        (body["ram"], body["disk"], body["vcpus"], body["OS-FLV-EXT-DATA:ephemeral"]) = (f.RamMib, f.DiskGib, f.Vcpus, f.EphemeralGib);
        body["swap"] = f.SwapMib > 0 || call.AtLeast(75) ? f.SwapMib : "";
        (body["OS-FLV-DISABLED:disabled"], body["os-flavor-access:is_public"], body["rxtx_factor"]) = (false, f.IsPublic, f.RxtxFactor);
        if (call.AtLeast(61)) body["extra_specs"] = JsonNode.Parse(f.ExtraSpecs);
        return body;
    }
}
