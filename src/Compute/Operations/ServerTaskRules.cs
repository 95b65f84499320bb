using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Compute.Operations;

/// <summary>One action of a server as a task. Pure: of the action, the server as it is, and what is counted.</summary>
internal static class ServerTaskRules
{
    /// <summary>What was never finished is not looked at for ever.</summary>
    public const long Oldest = 30L * 24 * 3_600_000;

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["create"] = "server.create", ["rebuild"] = "server.rebuild", ["resize"] = "server.resize", ["revertResize"] = "server.revert", ["migrate"] = "server.migrate", ["live-migration"] = "server.live_migrate",
        ["evacuate"] = "server.evacuate", ["shelve"] = "server.shelve", ["unshelve"] = "server.unshelve", ["createImage"] = "server.snapshot", ["createBackup"] = "server.backup",
    };
    public static readonly string[] Long = [.. Kinds.Keys];
    private static readonly string[] Building = ["place", "image", "disk", "define", "start", "network"], Moving = ["copy", "disk", "define", "start"], Copying = ["copy"];

    /// <summary>Its host waits for the bytes of the image.</summary>
    public static bool Fetches(ServerRow s) => s.SeenProgress == "image" && !ServerStatus.Settled(s);

    /// <param name="newest">Nothing that takes its time was asked of the server since.</param>
    /// <returns>null when something newer took its place before it was done.</returns>
    public static TaskView? View(ServerActionRow a, ServerRow? s, bool newest, string? copyImage, IReadOnlyDictionary<string, ProgressRow> progress, long now)
    {
        var copies = ServerActionRow.Copies.Contains(a.Action);
        if (a.FinishedAt is null && !newest && !copies) return null;
        var gone = s is null or { DeletedAt: not null };
        var fault = newest && s is not null && !copies ? s.Fault ?? s.SeenFault : null;
        var state = copies ? copyImage is not null ? TaskStates.Running : a.Message is null ? TaskStates.Done : TaskStates.Failed
            : a.FinishedAt is not null ? a.Message is not null && (s?.LaunchedAt is null && a.Action == "create" || a.Action == "live-migration") ? TaskStates.Failed : TaskStates.Done
            : gone || fault is not null || a.Message is not null ? TaskStates.Failed
            : s!.HostId is null || s.RecycledAt is not null ? TaskStates.Done
            : s.SeenGeneration < s.Generation && s.SeenProgress.Length == 0 ? TaskStates.Waiting : TaskStates.Running;
        var counted = Counted(s, state == TaskStates.Running && newest, copies, copyImage) is { } meter ? progress.GetValueOrDefault(meter) : null;
        var stages = copies ? Copying : a.Action is "create" or "rebuild" or "unshelve" ? Building : Moving;
        return new TaskView
        {
            Id = "server." + a.Id, Kind = Kinds[a.Action], State = state, ObjectKind = "server", ObjectId = a.ServerId, ObjectName = s?.Name, ProjectId = a.ProjectId, UserId = a.UserId,
            Stage = state is TaskStates.Running or TaskStates.Waiting ? copies ? "copy" : Stage(s!, stages) : null, Stages = stages, Progress = counted is { EndedAt: null } && !counted.Lost(now) ? counted.Now : null,
            StartedAt = a.StartedAt, EndedAt = state is TaskStates.Running or TaskStates.Waiting ? null : a.FinishedAt ?? s?.DeletedAt ?? s?.FaultAt ?? a.StartedAt,
            Error = state == TaskStates.Failed ? fault ?? a.Message ?? "The server was deleted before it was done." : null, Can = Can(a, s, state, newest, copies), Rule = "compute:write",
        };
    }

    /// <returns>The name under which it is counted how far this is; null = nobody counts.</returns>
    private static string? Counted(ServerRow? s, bool running, bool copies, string? copyImage) =>
        copies ? copyImage is null ? null : "fill:" + copyImage
        : !running ? null
        : ServerStatus.Leaves(s!) ? Places.Progress(s!.Id)
        : Fetches(s!) ? $"push:{s!.HostId}:{s.DiskImageId ?? s.ImageId}"
        : null;

    /// <summary>The agent's own word where it has one.</summary>
    private static string Stage(ServerRow s, string[] stages) =>
        s.Seen == Power.Running && s.LaunchedAt is null ? "network" : stages.Contains(s.SeenProgress) ? s.SeenProgress : s.SeenProgress is "attach" or "stop" ? s.SeenProgress : stages[0];

    private static List<string> Can(ServerActionRow a, ServerRow? s, string state, bool newest, bool copies)
    {
        if (copies) return state == TaskStates.Running ? [TaskVerbs.Stop] : [];
        if (s is null or { DeletedAt: not null } or { RecycledAt: not null } || s.Want == Power.Gone || !newest) return [];
        if (a.Action is "resize" or "migrate" && s.ResizeFrom is not null && ServerStatus.Of(s).Status == "VERIFY_RESIZE") return [TaskVerbs.Undo];
        if (a is { Action: "live-migration", FinishedAt: not null }) return []; // it stayed, and wants nothing any more
        if (state == TaskStates.Failed) return s.HostId is not null && s.Fault != PowerActions.SetByAdministrator ? a.Action == "create" ? [TaskVerbs.Retry, TaskVerbs.Stop] : [TaskVerbs.Retry] : a.Action == "create" ? [TaskVerbs.Stop] : [];
        return state is TaskStates.Running or TaskStates.Waiting && a.Action == "create" ? [TaskVerbs.Stop] : [];
    }
}
