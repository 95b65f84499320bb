using System.Text.Json.Nodes;
using Xiangyun.Approvals.Public;
using Xiangyun.Kernel;

namespace Xiangyun.Capacity.Advice;

internal static class AdviceWire
{
    public static JsonObject Of(AdviceRow a, PriceList prices) => new()
    {
        ["id"] = a.Id, ["server_id"] = a.ServerId, ["server_name"] = a.ServerName, ["project_id"] = a.ProjectId, ["kind"] = a.Kind, ["state"] = a.State,
        ["from"] = Flavor(a.FromId, a.FromName, a.FromVcpus, a.FromRamMib), ["to"] = Flavor(a.ToId, a.ToName, a.ToVcpus, a.ToRamMib),
        ["saves"] = new JsonObject { ["vcpus"] = a.FromVcpus - a.ToVcpus, ["ram_mib"] = a.FromRamMib - a.ToRamMib, ["cost"] = a.Saved, ["currency"] = prices.Currency, ["unit"] = "hundredths of the currency for 30 days" },
        ["confidence"] = a.Confidence, ["evidence"] = JsonNode.Parse(a.Evidence), ["accepted_by"] = a.AcceptedBy, ["now"] = a.AtOnce, ["request_id"] = a.RequestId,
        ["began_at"] = Clock.Seconds(a.BeganAt), ["watch_until"] = Clock.Seconds(a.WatchUntil), ["watched"] = a.Watched is { } w ? JsonNode.Parse(w) : null, ["quiet_until"] = Clock.Seconds(a.QuietUntil),
        ["why"] = a.Why, ["error"] = a.Error, ["created_at"] = Clock.Seconds(a.CreatedAt), ["updated_at"] = Clock.Seconds(a.UpdatedAt),
    };

    private static JsonObject Flavor(string id, string name, long vcpus, long ram) => new() { ["id"] = id, ["name"] = name, ["vcpus"] = vcpus, ["ram_mib"] = ram };
}
