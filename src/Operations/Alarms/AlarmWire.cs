using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Operations.Alarms;

/// <summary>An alarm as the API and the webhook tell it.</summary>
internal static class AlarmWire
{
    public static readonly string[] Severities = [.. Enum.GetNames<Severity>().Select(s => s.ToLowerInvariant())];
    public static readonly string[] States = ["open", "acknowledged", "silenced", "cleared"];

    public static JsonObject Of(AlarmRow a, Kinds kinds, long now) => new()
    {
        ["id"] = a.Id, ["kind"] = a.Kind, ["severity"] = Severities[a.Severity], ["state"] = State(a, now), ["message"] = kinds.Message(a), ["values"] = JsonNode.Parse(a.MessageValues),
        ["object_kind"] = a.ObjectKind, ["object_id"] = a.ObjectId, ["object_name"] = a.ObjectName, ["project_id"] = a.ProjectId, ["domain_id"] = a.DomainId, ["page"] = kinds.All.GetValueOrDefault(a.Kind)?.Page,
        ["since"] = Clock.Seconds(a.NoticedAt), ["raised_at"] = Clock.Seconds(a.RaisedAt), ["last_seen_at"] = Clock.Seconds(a.LastSeenAt), ["cleared_at"] = Clock.Seconds(a.ClearedAt),
        ["acknowledged_at"] = Clock.Seconds(a.AcknowledgedAt), ["acknowledged_by"] = a.AcknowledgedName, ["note"] = a.Note,
        ["silenced_until"] = a.SilencedUntil > now ? Clock.Seconds(a.SilencedUntil) : null,
    };

    public static string State(AlarmRow a, long now) => a.ClearedAt is not null ? "cleared" : a.SilencedUntil > now ? "silenced" : a.AcknowledgedAt is not null ? "acknowledged" : "open";

    /// <summary>The rows in one of <see cref="States"/>.</summary>
    public static IQueryable<AlarmRow> In(IQueryable<AlarmRow> rows, string state, long now) => state switch
    {
        "cleared" => rows.Where(a => a.ClearedAt != null),
        "silenced" => rows.Where(a => a.ClearedAt == null && a.SilencedUntil > now),
        "acknowledged" => rows.Where(a => a.ClearedAt == null && a.AcknowledgedAt != null && (a.SilencedUntil == null || a.SilencedUntil <= now)),
        _ => rows.Where(a => a.ClearedAt == null && a.AcknowledgedAt == null && (a.SilencedUntil == null || a.SilencedUntil <= now)),
    };
}
