using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Consolidation.Plans;

/// <summary>Plans as clients see them: the body that is hashed, and around it what became of it.</summary>
internal static class PlanWire
{
    public static JsonObject Of(PlanRow p, IReadOnlyList<MoveRow> moves, IReadOnlyList<SwitchRow> switches, string? undoId = null)
    {
        var body = JsonNode.Parse(p.Body)!.AsObject();
        var wire = new JsonObject
        {
            ["id"] = p.Id, ["cluster"] = p.Cluster, ["kind"] = p.Kind, ["state"] = PlanState.Of(p, Begun(moves, switches)), ["aim"] = Take(body, "aim"), ["trigger"] = Take(body, "trigger"), ["why"] = Take(body, "why"),
            ["parent_id"] = p.ParentId, ["undo_id"] = undoId, ["plan_hash"] = p.Hash, ["made_by"] = p.MadeBy, ["made_at"] = Clock.Seconds(p.MadeAt), ["approved_by"] = p.ApprovedBy, ["approved_at"] = Clock.Seconds(p.ApprovedAt),
            ["stopped_by"] = p.StoppedBy, ["stopped_at"] = Clock.Seconds(p.StoppedAt), ["stopped_why"] = p.StoppedWhy, ["failed_why"] = p.FailedWhy, ["ended_at"] = Clock.Seconds(p.EndedAt), ["undone_at"] = Clock.Seconds(p.UndoneAt),
            ["gain"] = Take(body, "gain"), ["evidence"] = Take(body, "evidence"), ["stays"] = Take(body, "stays"), ["hosts_on"] = Take(body, "hosts_on"), ["hosts_off"] = Take(body, "hosts_off"),
            ["moves_all"] = moves.Count, ["moves_done"] = Count(moves, MoveRow.Done), ["moves_failed"] = Count(moves, MoveRow.Failed), ["moves_skipped"] = Count(moves, MoveRow.Skipped), ["moves_under_way"] = moves.Count(m => m.UnderWay),
        };
        return wire;
    }

    public static bool Begun(IReadOnlyList<MoveRow> moves, IReadOnlyList<SwitchRow> switches) => moves.Any(m => m.BegunAt is not null) || switches.Any(s => s.AskedAt is not null);

    public static JsonArray Moves(PlanRow p, IReadOnlyList<MoveRow> moves)
    {
        var told = JsonNode.Parse(p.Body)!["moves"]!.AsArray();
        return [.. moves.OrderBy(m => m.Place).Select(m =>
        {
            var wire = told[(int)m.Place - 1]!.DeepClone().AsObject();
            (wire["place"], wire["state"], wire["words"]) = (m.Place, State(m), m.Words);
            (wire["begun_at"], wire["ended_at"]) = (Clock.Seconds(m.BegunAt), Clock.Seconds(m.EndedAt));
            return (JsonNode)wire;
        })];
    }

    public static JsonArray Switches(IReadOnlyList<SwitchRow> switches) => [.. switches.Select(s => (JsonNode)new JsonObject
    {
        ["host_id"] = s.HostId, ["turn"] = s.TurnOn ? "on" : "off", ["asked_at"] = Clock.Seconds(s.AskedAt), ["ended_at"] = Clock.Seconds(s.EndedAt), ["words"] = s.Words,
    })];

    private static string State(MoveRow m) => m.Outcome ?? (m.UnderWay ? "moving" : "waiting");

    private static int Count(IReadOnlyList<MoveRow> moves, string outcome) => moves.Count(m => m.Outcome == outcome);

    private static JsonNode? Take(JsonObject body, string name) => body[name]?.DeepClone();
}
