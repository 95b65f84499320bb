using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Audit.Records;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Public;

namespace Xiangyun.Server.Described;

/// <summary>The shapes of our own API. What is a record in a module's public face is read from it; requests are declared here.</summary>
internal static class Shapes
{
    /// <summary>Shape of the request and of the answer, and the status when all is well.</summary>
    public static (string? Asks, string? Answers, string Status) Of(string method, string path) => (method, path) switch
    {
        ("GET", "/hosts") => (null, "HostPage", "200"),
        ("POST", "/hosts") => ("NewHost", "OneHost", "201"),
        ("GET", "/hosts/{id}") => (null, "OneHost", "200"),
        ("PATCH", "/hosts/{id}") => ("HostChange", "OneHost", "200"),
        ("POST", "/placement/explain") => ("Demand", "Explanation", "200"),
        ("GET", "/audit/records") => (null, "AuditPage", "200"),
        ("GET", "/audit/records/{id}") => (null, "OneAuditRecord", "200"),
        ("GET", "/audit/state") => (null, "AuditState", "200"),
        ("GET", "/audit/heads") => (null, "AuditHeads", "200"),
        ("GET", "/audit/keys") => (null, "AuditKeys", "200"),
        ("POST", "/audit/keys") => ("Nothing", "OneAuditKey", "201"),
        ("GET", "/audit/retention") => (null, "AuditRetention", "200"),
        ("PUT", "/audit/retention") => ("NewAuditRetention", "AuditRetention", "200"),
        ("GET", "/organisations") => (null, "OrganisationPage", "200"),
        ("GET", "/organisations/{id}") => (null, "OneOrganisation", "200"),
        ("GET", "/organisations/{id}/quotas") => (null, "Quotas", "200"),
        ("PUT", "/organisations/{id}/quotas") => ("Division", "Quotas", "200"),
        ("GET", "/quota-loans") => (null, "LoanPage", "200"),
        ("GET", "/quota-loans/{id}") => (null, "OneLoan", "200"),
        ("POST", "/quota-loans") => ("NewLoan", "OneLoan", "201"),
        ("POST", "/quota-loans/{id}/accept" or "/quota-loans/{id}/decline" or "/quota-loans/{id}/end") => (null, "OneLoan", "200"),
        ("GET", "/sites") => (null, "SitePage", "200"),
        ("POST", "/sites") => ("NewSite", "OneSite", "201"),
        ("GET", "/sites/{id}") => (null, "OneSite", "200"),
        ("PATCH", "/sites/{id}") => ("NewSite", "OneSite", "200"),
        ("GET", "/alarms") => (null, "AlarmPage", "200"),
        ("GET", "/alarms/{id}") => (null, "OneAlarm", "200"),
        ("GET", "/alarm-counts") => (null, "AlarmCounts", "200"),
        ("POST", "/alarms/{id}/acknowledge") => ("Acknowledgement", "OneAlarm", "200"),
        ("POST", "/alarms/{id}/silence") => ("Silence", "OneAlarm", "200"),
        ("GET", "/alarm-settings") => (null, "AlarmSettings", "200"),
        ("PUT", "/alarm-settings") => ("NewAlarmSettings", "AlarmSettings", "200"),
        ("GET", "/tasks") => (null, "TaskPage", "200"),
        ("GET", "/tasks/{id}") => (null, "OneTask", "200"),
        ("GET", "/task-counts") => (null, "TaskCounts", "200"),
        ("POST", "/tasks/{id}/retry" or "/tasks/{id}/undo" or "/tasks/{id}/stop") => (null, null, "202"),
        ("DELETE", _) => (null, null, "204"),
        _ => (null, null, "200"),
    };

    public static JsonObject All() => new()
    {
        ["Host"] = Record(typeof(HostView), ("endpoint", Text()), ("plan_generation", Number())),
        ["Verdict"] = Record(typeof(HostVerdict)),
        ["OneHost"] = Of(("host", Ref("Host"))),
        ["HostPage"] = Of(("hosts", List(Ref("Host"))), ("next", Text())),
        ["NewHost"] = Of(("host", Of(("name", Text()), ("endpoint", Text()), ("zone", Text()), ("count", Number())))),
        ["HostChange"] = Of(("host", Of(("enabled", Flag()), ("disabled_reason", Text()), ("zone", Text())))),
        ["Demand"] = Of(("resources", new JsonObject { ["type"] = "object", ["additionalProperties"] = Number() }), ("zone", Text()), ("arch", Text())),
        ["Explanation"] = Of(("placeable", Flag()), ("message", Text()), ("fitting", Number()), ("looked", Number()), ("reasons", List(Of(("reason", Text()), ("hosts", Number())))), ("hosts", List(Ref("Verdict")))),
        ["AuditRecord"] = Record(typeof(AuditRecord), ("roles", List(Text())), ("detail", Anything()), ("before", Anything()), ("after", Anything()), ("seq", Number()), ("status", Number())),
        ["OneAuditRecord"] = Of(("record", Ref("AuditRecord"))),
        ["AuditPage"] = Of(("records", List(Ref("AuditRecord"))), ("next", Text())),
        ["AuditState"] = Of(("state", Of(("level", Text()), ("chained_seq", Number()), ("chained_hash", Text()), ("waiting", Number()), ("oldest_waiting_at", Text()), ("signed_seq", Number()), ("signed_at", Text()),
            ("key", Text()), ("can_sign", Flag()), ("removed_seq", Number()), ("retention_days", Number())))),
        ["AuditHeads"] = Of(("heads", List(Of(("seq", Number()), ("hash", Text()), ("at", Text()), ("key", Text()), ("signature", Text())))), ("next", Text())),
        ["AuditKey"] = Of(("number", Number()), ("id", Text()), ("public", Text()), ("before", Text()), ("at", Text()), ("signature", Text()), ("signature_before", Text())),
        ["AuditKeys"] = Of(("keys", List(Ref("AuditKey")))),
        ["OneAuditKey"] = Of(("key", Ref("AuditKey"))),
        ["AuditRetention"] = Of(("retention", Of(("days", Number()), ("least", Number())))),
        ["NewAuditRetention"] = Of(("retention", Of(("days", Number())))),
        ["Organisation"] = Of(("id", Text()), ("name", Text()), ("kind", Text()), ("parent_id", Text()), ("domain_id", Text()), ("enabled", Flag()), ("description", Text()), ("created_at", Text()),
            ("path", List(Of(("id", Text()), ("name", Text()))))),
        ["OneOrganisation"] = Of(("organisation", Ref("Organisation"))),
        ["OrganisationPage"] = Of(("organisations", List(Ref("Organisation"))), ("next", Text())),
        ["Quotas"] = Of(("organisation_id", Text()), ("quotas", List(Of(("resource", Text()), ("unit", Text()), ("granted", Maybe()), ("borrowed", Number()), ("lent", Number()), ("shared_with", Text()),
            ("handed_out", Number()), ("used", Number()), ("left", Maybe()))))),
        ["Division"] = Of(("quotas", new JsonObject { ["type"] = "object", ["additionalProperties"] = Maybe() })),
        ["Loan"] = Of(("id", Text()), ("resource", Text()), ("amount", Number()), ("lender_id", Text()), ("borrower_id", Text()), ("proposed_by", Text()), ("reason", Text()), ("status", Text()),
            ("created_at", Text()), ("expires_at", Text()), ("decided_at", Text()), ("ended_at", Text())),
        ["OneLoan"] = Of(("loan", Ref("Loan"))),
        ["LoanPage"] = Of(("loans", List(Ref("Loan"))), ("next", Text())),
        ["NewLoan"] = Of(("loan", Of(("resource", Text()), ("amount", Number()), ("lender_id", Text()), ("borrower_id", Text()), ("expires_at", Text()), ("reason", Text())))),
        ["Contact"] = Of(("name", Text()), ("duty", Text()), ("phone", Text()), ("email", Text())),
        ["Site"] = Of(("id", Text()), ("name", Text()), ("description", Text()), ("project_id", Text()), ("status", Text()), ("host_names", List(Text())), ("registration", Text()), ("contacts", List(Ref("Contact"))),
            ("members", List(Of(("kind", Text()), ("id", Text()), ("name", Text()), ("status", Text())))), ("exposure", List(Of(("address", Text()), ("through", List(Of(("kind", Text()), ("id", Text()))))))), ("created_at", Text()), ("updated_at", Text())),
        ["OneSite"] = Of(("site", Ref("Site"))),
        ["SitePage"] = Of(("sites", List(Ref("Site"))), ("next", Text())),
        ["NewSite"] = Of(("site", Of(("name", Text()), ("description", Text()), ("host_names", List(Text())), ("registration", Text()), ("contacts", List(Ref("Contact"))), ("members", List(Of(("kind", Text()), ("id", Text()))))))),
        ["Alarm"] = Of(("id", Text()), ("kind", Text()), ("severity", Text()), ("state", Text()), ("message", Text()), ("values", new JsonObject { ["type"] = "object", ["additionalProperties"] = Text() }), ("object_kind", Text()), ("object_id", Text()),
            ("object_name", Text()), ("project_id", Text()), ("domain_id", Text()), ("page", Text()), ("since", Text()), ("raised_at", Text()), ("last_seen_at", Text()), ("cleared_at", Text()), ("acknowledged_at", Text()), ("acknowledged_by", Text()), ("note", Text()), ("silenced_until", Text())),
        ["OneAlarm"] = Of(("alarm", Ref("Alarm"))),
        ["AlarmPage"] = Of(("alarms", List(Ref("Alarm"))), ("next", Text())),
        ["AlarmCounts"] = Of(("counts", Of(("critical", Number()), ("major", Number()), ("minor", Number()), ("warning", Number())))),
        ["Acknowledgement"] = Of(("acknowledgement", Of(("note", Text())))),
        ["Silence"] = Of(("silence", Of(("until", Text()), ("note", Text())))),
        ["AlarmSettings"] = Of(("settings", Of(("limits", List(Of(("name", Text()), ("value", Number()), ("default", Number()), ("least", Number()), ("most", Number()), ("unit", Text())))),
            ("webhook", Of(("url", Text()), ("has_secret", Flag()), ("private_addresses", Flag()), ("least_severity", Text())))))),
        ["NewAlarmSettings"] = Of(("settings", Of(("limits", new JsonObject { ["type"] = "object", ["additionalProperties"] = Maybe() }), ("webhook", Of(("url", Text()), ("secret", Text()), ("private_addresses", Flag()), ("least_severity", Text())))))),
        ["LongTask"] = Of(("id", Text()), ("kind", Text()), ("state", Text()), ("object_kind", Text()), ("object_id", Text()), ("object_name", Text()), ("project_id", Text()), ("domain_id", Text()), ("user_id", Text()), ("stage", Text()), ("stages", List(Text())),
            ("percent", new JsonObject { ["type"] = new JsonArray("number", "null") }), ("bytes_done", Maybe()), ("bytes_total", Maybe()), ("bytes_per_second", Maybe()), ("eta_seconds", Maybe()), ("started_at", Text()), ("ended_at", Text()), ("error", Text()), ("can", List(Text()))),
        ["OneTask"] = Of(("task", Ref("LongTask"))),
        ["TaskPage"] = Of(("tasks", List(Ref("LongTask"))), ("next", Text())),
        ["TaskCounts"] = Of(("counts", Of(("waiting", Number()), ("running", Number()), ("done", Number()), ("failed", Number())))),
        ["Nothing"] = Of(),
        ["Problem"] = Of(("type", Text()), ("title", Text()), ("status", Number()), ("detail", Text()), ("code", Text()), ("request_id", Text())),
    };

    private static JsonObject Record(Type type, params (string Name, JsonObject Shape)[] more) =>
        Of([.. type.GetProperties().Where(p => !p.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false)).Select(p => (JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), Member(p.PropertyType))).Where(m => more.All(n => n.Name != m.Item1)), .. more]);

    private static JsonObject Member(Type type) =>
        type == typeof(bool) ? Flag()
        : type == typeof(int) || type == typeof(long) ? Number()
        : type == typeof(double) ? new JsonObject { ["type"] = "number" }
        : type == typeof(string) ? Text()
        : List(Text());

    private static JsonObject Of(params (string Name, JsonObject Shape)[] members) =>
        new() { ["type"] = "object", ["properties"] = new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Shape))) };

    private static JsonObject List(JsonObject of) => new() { ["type"] = "array", ["items"] = of };
    private static JsonObject Anything() => [];
    private static JsonObject Ref(string shape) => new() { ["$ref"] = "#/components/schemas/" + shape };
    private static JsonObject Text() => new() { ["type"] = new JsonArray("string", "null") };
    private static JsonObject Maybe() => new() { ["type"] = new JsonArray("integer", "null") };
    private static JsonObject Number() => new() { ["type"] = "integer" };
    private static JsonObject Flag() => new() { ["type"] = "boolean" };
}
