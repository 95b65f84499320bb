using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Compute.Public;
using Xiangyun.Evidence;
using Xiangyun.Fleet.Public;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Making;

/// <param name="Why">Why this one, where it is not the planner's general reason.</param>
internal sealed record ProposedMove(PlacedServer Server, HostView From, HostView To, string? Why = null);

/// <summary>What is expected of a plan. Risk: the mean chance that a host in use wants more than it has within the next five minutes. Watts are an estimate.</summary>
internal sealed record Gain(int HostsUsedBefore, int HostsUsedAfter, int HostsOnBefore, int HostsOnAfter, double WattsBefore, double WattsAfter, double UsePercentBefore, double UsePercentAfter, double RiskPercentBefore, double RiskPercentAfter);

/// <summary>A plan that is not written down yet.</summary>
internal sealed record Proposal
{
    public required string Kind { get; init; }
    public required string Cluster { get; init; }
    public required string Aim { get; init; }
    /// <summary>operator, period, guard.</summary>
    public required string Trigger { get; init; }
    public string? ParentId { get; init; }
    public string Why { get; init; } = "";
    public required IReadOnlyList<ProposedMove> Moves { get; init; }
    public IReadOnlyList<HostView> On { get; init; } = [];
    public IReadOnlyList<HostView> Off { get; init; } = [];
    public Gain? Gain { get; init; }
    public Evidence? Evidence { get; init; }
    /// <summary>Why servers stay where they are, with how many for each reason.</summary>
    public IReadOnlyList<(string Why, int Count)> Stays { get; init; } = [];
    public JsonObject? Picture { get; init; }

    /// <summary>Canonical JSON: exactly these bytes are hashed and approved.</summary>
    public string Body()
    {
        var body = new JsonObject
        {
            ["kind"] = Kind, ["cluster"] = Cluster, ["aim"] = Aim, ["trigger"] = Trigger, ["parent_id"] = ParentId, ["why"] = Why,
            ["moves"] = new JsonArray([.. Moves.Select(m => (JsonNode)new JsonObject
            {
                ["server_id"] = m.Server.Id, ["server_name"] = m.Server.Name, ["project_id"] = m.Server.ProjectId, ["vcpus"] = m.Server.Vcpus, ["memory_mib"] = m.Server.RamMib,
                ["from_host_id"] = m.From.Id, ["from_host"] = m.From.Name, ["to_host_id"] = m.To.Id, ["to_host"] = m.To.Name, ["why"] = m.Why,
            })]),
            ["hosts_on"] = Hosts(On), ["hosts_off"] = Hosts(Off), ["gain"] = JsonSerializer.SerializeToNode(Gain, Json.Options), ["evidence"] = JsonSerializer.SerializeToNode(Evidence, Json.Options),
            ["stays"] = new JsonArray([.. Stays.Select(s => (JsonNode)new JsonObject { ["why"] = s.Why, ["servers"] = s.Count })]),
        };
        return Encoding.UTF8.GetString(Canonical.Bytes(JsonSerializer.SerializeToElement(body)));
    }

    public static string Hash(string body) => Hex.Of(Sm3.Of(Encoding.UTF8.GetBytes(body)));

    private static JsonArray Hosts(IReadOnlyList<HostView> hosts) => [.. hosts.Select(h => (JsonNode)new JsonObject { ["id"] = h.Id, ["name"] = h.Name })];
}
