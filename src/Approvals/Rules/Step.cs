using System.Text.Json;
using Xiangyun.Approvals.Plans;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Rules;

/// <summary>One step of an approval: whoever holds a role at a node (or above it), or named people and those of named groups, or their deputies.</summary>
/// <param name="At">project, parent, domain, cloud or the id of a node; in a request always an id.</param>
/// <param name="Escalate">After each full due time one node further up may decide too.</param>
internal sealed record Step(string? Role, string? At, IReadOnlyList<string> UserIds, IReadOnlyList<string> Deputies, long DueHours, bool Escalate, IReadOnlyList<string>? GroupIds = null)
{
    public const int Most = 10, MostPeople = 50, LongestHours = 24 * 366;
    public static readonly string[] Places = ["project", "parent", "domain", "cloud"];

    public static Step Read(Fields f)
    {
        var step = new Step(f.TextOr("role", 1, 64), f.TextOr("at", 1, 64), f.TextsOr("user_ids", 64) ?? [], f.TextsOr("deputies", 64) ?? [], f.NumberOr("due_hours", 0, LongestHours) ?? 0, f.FlagOr("escalate") ?? false, f.TextsOr("group_ids", 64));
        f.Done();
        if ((step.Role is null) != (step.At is null)) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("role")}: a role needs the node where it is held (at), and the other way round.");
        if (step.Role is null && step.UserIds.Count == 0 && step.Groups.Count == 0) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("user_ids")}: a step needs a role, people or groups.");
        if (step.UserIds.Count + step.Deputies.Count + step.Groups.Count > MostPeople) throw CloudError.Invalid($"A step names at most {MostPeople} people and groups.");
        if (step is { Escalate: true, DueHours: 0 }) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("due_hours")}: what escalates needs the hours after which it does.");
        return step;
    }

    /// <summary>The same with the node's id, seen from where something is asked for; a node that is not above it any more (it moved) is its domain now. <paramref name="path"/> goes from there up to the cloud.</summary>
    public Step From(IReadOnlyList<string> path) => At is null ? this : this with
    {
        At = At switch { "project" => path[0], "parent" => path[Math.Min(1, path.Count - 1)], "domain" => path.Count > 1 ? path[^2] : path[^1], "cloud" => path[^1], _ when path.Contains(At) => At, _ => path.Count > 1 ? path[^2] : path[^1] },
    };

    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Groups => GroupIds ?? [];

    public bool Names(string userId) => UserIds.Contains(userId) || Deputies.Contains(userId);

    public long? DueAt(long since) => DueHours == 0 ? null : since + DueHours * 3_600_000;

    /// <summary>The nodes above whose managers may decide too, because it has waited for so long.</summary>
    public IReadOnlyList<string> EscalatedTo(IReadOnlyList<string> path, long since, long now)
    {
        if (!Escalate || DueHours == 0 || now <= since) return [];
        var start = At is null ? 0 : path.Index().FirstOrDefault(p => p.Item == At).Index;
        return [.. path.Skip(start + 1).Take((int)Math.Min(path.Count, (now - since) / (DueHours * 3_600_000)))];
    }

    public static IReadOnlyList<Step> Parse(string text) => JsonSerializer.Deserialize<List<Step>>(text, Json.Options)!;

    public static string Text(IEnumerable<Step> steps) => JsonSerializer.Serialize(steps, Json.Options);
}

/// <summary>What adds more than this to a quota, or deletes an object of this kind, needs a request.</summary>
internal sealed record Demand(string? Resource, long Over, string? Deletes = null)
{
    public bool Covers(IEnumerable<Amount> amounts) => amounts.Any(a => a.Resource == Resource && a.Added > Over);

    public bool Covers(AuditRow told) => Deletes is not null && Kinds.AuditedAs(Deletes) == told.Kind && Keeping.Protections.IsDeletion(told);

    public static IReadOnlyList<Demand> Parse(string text) => JsonSerializer.Deserialize<List<Demand>>(text, Json.Options)!;
}
