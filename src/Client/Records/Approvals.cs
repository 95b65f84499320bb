using System.Text.Json;

namespace Xiangyun.Client.Records;

/// <summary>Somebody's wish with its plan, and how far its approval has come.</summary>
public sealed record Request(string Id, string Kind, string ProjectId, string RequesterId, string RequesterName, string Reason, string State, int Revision, int? Step, List<ApprovalStep> Steps,
    DateTimeOffset? DueAt, bool? Overdue, RequestPlan Plan, string PlanHash, string? Error, Outcome? Outcome, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, List<Decision>? Decisions, bool MayDecide = false);

public sealed record ApprovalStep(string? Role, string? At, List<string>? UserIds, List<string>? GroupIds, List<string>? Deputies, long DueHours, bool Escalate);

public sealed record RequestPlan(string Does, JsonElement Wish, List<Makes> Makes, List<Adds> Adds, Cost Cost, List<string> Exposure, PlanRisk Risk);

public sealed record Makes(string Kind, string Verb, int Count);

public sealed record Adds(string Resource, string Unit, long Amount);

/// <param name="Sum">Hundredths of the currency for 30 days.</param>
public sealed record Cost(string Currency, long Sum);

public sealed record PlanRisk(string Class, List<string> Reasons);

public sealed record Outcome(List<Made> Made);

public sealed record Made(string Kind, string? Id, string Verb);

public sealed record Decision(int Revision, int Step, string UserName, [property: System.Text.Json.Serialization.JsonPropertyName("decision")] string What, string? Comment, DateTimeOffset At);

/// <summary>What a dry run of a create tells: its plan, and whether somebody else has to agree.</summary>
public sealed record Rehearsal(RequestPlan Plan, Needed? Approvals);

/// <summary>Who decides about what an organisation asks for, in turn; nobody when there is no step.</summary>
public sealed record ApprovalRules(List<ApprovalStep> Steps);

public sealed record Needed([property: System.Text.Json.Serialization.JsonPropertyName("needed")] bool Is, List<ApprovalStep> Steps);
