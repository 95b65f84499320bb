using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

/// <summary>What tests of approvals say again and again.</summary>
internal static class Asking
{
    public const string Own = "/xiangyun/v1";

    public static Task<Reply> AskVolume(this Client who, int size = 1, string reason = "we need it") =>
        who.Post($"{Own}/requests", new { request = new { kind = "volume", reason, wish = new { volume = new { name = "asked", size } } } });

    public static Task<Reply> Decide(this Client who, JsonNode request, string decision = "approve", string? hash = null, string comment = "so be it") =>
        who.Post($"{Own}/requests/{(string)request["id"]!}/decisions", new { decision = new { decision, plan_hash = hash ?? (string)request["plan_hash"]!, comment } });

    public static Task<Reply> Rules(this Client who, string node, object[] steps, object[]? demands = null) =>
        who.Put($"{Own}/organisations/{node}/approval-rules", new { rules = new { steps, demands = demands ?? [] } });

    public static Task<JsonNode> Becomes(this Client who, JsonNode request, string state) => Wait.For($"the request is {state}",
        async () => (await who.Get($"{Own}/requests/{(string)request["id"]!}")).Is(200)["request"], r => (string)r["state"]! == state);

    public static async Task<int> Volumes(this Client who) => (await who.Get("/volume/v3/volumes")).Is(200)["volumes"].AsArray().Count;
}
