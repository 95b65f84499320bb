using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Evidence;
using Xiangyun.Store.Audit;

namespace Xiangyun.Approvals.Plans;

/// <summary>
/// What is decided about: the wish, what will be made, what it adds to quotas and costs, what becomes reachable, and how
/// risky that is. What others do meanwhile (how much quota is left, which host, which address) is told beside it and is not part of it. Pure.
/// </summary>
internal sealed record Plan(string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>SM3 over the canonical bytes, in hexadecimal.</summary>
    public string Hash => Hex.Of(Sm3.Of(Encoding.UTF8.GetBytes(Text)));

    public static Plan Of(Errand errand, long revision, Trial trial, Prices prices)
    {
        var items = trial.Amounts.Where(a => a.Added > 0 && prices.PerUnit.GetValueOrDefault(a.Resource) > 0)
            .Select(a => (a.Resource, a.Added, Cost: a.Added * prices.PerUnit[a.Resource])).ToList();
        var cost = items.Sum(i => i.Cost);
        var exposure = Exposed(errand, trial);
        var (risk, reasons) = Risk.Of(errand, exposure.Count > 0, cost, prices.LargeCost);
        var plan = new JsonObject
        {
            ["kind"] = errand.Kind, ["project_id"] = errand.ProjectId, ["revision"] = revision,
            ["does"] = $"{errand.Method} {errand.Service} {errand.Path}",
            ["wish"] = JsonNode.Parse(Secrets.Masked(errand.Body) ?? "null"), ["wish_digest"] = Digest(errand.Body),
            ["makes"] = new JsonArray([.. trial.Told.GroupBy(a => (a.Verb, a.Kind)).OrderBy(g => g.Key.Kind, StringComparer.Ordinal).ThenBy(g => g.Key.Verb, StringComparer.Ordinal)
                .Select(g => new JsonObject { ["kind"] = g.Key.Kind, ["verb"] = g.Key.Verb, ["count"] = g.Count() })]),
            ["adds"] = new JsonArray([.. trial.Amounts.Select(a => new JsonObject { ["resource"] = a.Resource, ["unit"] = a.Unit, ["amount"] = a.Added })]),
            ["cost"] = new JsonObject
            {
                ["currency"] = prices.Currency, ["unit"] = "hundredths of the currency for 30 days", ["sum"] = cost,
                ["items"] = new JsonArray([.. items.Select(i => new JsonObject { ["resource"] = i.Resource, ["amount"] = i.Added, ["cost"] = i.Cost })]),
            },
            ["exposure"] = new JsonArray([.. exposure.Select(e => (JsonNode)e)]),
            ["risk"] = new JsonObject { ["class"] = risk, ["reasons"] = new JsonArray([.. reasons.Select(r => (JsonNode)r)]) },
        };
        return new Plan(Encoding.UTF8.GetString(Canonical.Bytes(JsonSerializer.SerializeToElement(plan))));
    }

    /// <summary>The wish may hold what must not be shown (user data); the digest binds to it all the same.</summary>
    private static string Digest(JsonNode wish) => Hex.Of(Sm3.Of(Canonical.Bytes(JsonSerializer.SerializeToElement(wish))));

    private static List<string> Exposed(Errand errand, Trial trial)
    {
        var words = new List<string>();
        var addresses = trial.Amounts.Where(a => a.Resource == "network.floatingip").Sum(a => a.Added);
        if (addresses > 0) words.Add(string.Create(CultureInfo.InvariantCulture, $"{addresses} address(es) that can be reached from outside"));
        if (errand.Body["security_group_rule"] is JsonObject rule && (string?)rule["direction"] == "ingress" && rule["remote_group_id"] is null && (string?)rule["remote_ip_prefix"] is null or "0.0.0.0/0" or "::/0")
            words.Add($"everybody may reach {(string?)rule["protocol"] ?? "any protocol"} {rule["port_range_min"]?.ToJsonString() ?? "any port"}..{rule["port_range_max"]?.ToJsonString() ?? "any port"} of what has this security group");
        if (errand.Body["router"]?["external_gateway_info"] is JsonObject) words.Add("a router with a way out through an external network");
        return words;
    }

    /// <summary>In which parts two plans differ.</summary>
    public static IReadOnlyList<string> Differences(JsonObject old, JsonObject now) =>
        [.. old.Select(m => m.Key).Union(now.Select(m => m.Key)).Where(name => !JsonNode.DeepEquals(old[name], now[name]))];
}
