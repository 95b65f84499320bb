namespace Xiangyun.Consolidation.Plans;

/// <summary>The state of a plan, computed from its rows each time it is asked. Nothing stores it, so nothing can stick in it.</summary>
internal static class PlanState
{
    public const string Draft = "draft", Approved = "approved", Running = "running", Done = "done", Stopped = "stopped", Undone = "undone", Failed = "failed";
    public static readonly string[] All = [Draft, Approved, Running, Done, Stopped, Undone, Failed];

    /// <param name="begun">One of its moves began, or a host was switched for it.</param>
    public static string Of(PlanRow p, bool begun) =>
        p.UndoneAt is not null ? Undone
        : p.FailedWhy is not null ? Failed
        : p.StoppedAt is not null ? Stopped
        : p.EndedAt is not null ? Done
        : p.ApprovedAt is null ? Draft
        : begun ? Running : Approved;

    /// <summary>It may still begin moves.</summary>
    public static bool Live(PlanRow p) => p is { ApprovedAt: not null, StoppedAt: null, FailedWhy: null, EndedAt: null };

    public static IQueryable<PlanRow> Where(ConsolidationDb db, string state) => state switch
    {
        Undone => db.Plans.Where(p => p.UndoneAt != null),
        Failed => db.Plans.Where(p => p.UndoneAt == null && p.FailedWhy != null),
        Stopped => db.Plans.Where(p => p.UndoneAt == null && p.FailedWhy == null && p.StoppedAt != null),
        Done => db.Plans.Where(p => p.UndoneAt == null && p.FailedWhy == null && p.StoppedAt == null && p.EndedAt != null),
        Draft => db.Plans.Where(p => p.ApprovedAt == null && p.StoppedAt == null && p.EndedAt == null),
        Approved => Going(db).Where(p => !db.Moves.Any(m => m.PlanId == p.Id && m.BegunAt != null) && !db.Switches.Any(s => s.PlanId == p.Id && s.AskedAt != null)),
        _ => Going(db).Where(p => db.Moves.Any(m => m.PlanId == p.Id && m.BegunAt != null) || db.Switches.Any(s => s.PlanId == p.Id && s.AskedAt != null)),
    };

    public static IQueryable<PlanRow> Going(ConsolidationDb db) => db.Plans.Where(p => p.ApprovedAt != null && p.StoppedAt == null && p.FailedWhy == null && p.EndedAt == null);
}
