namespace Xiangyun.Store.Tasks;

public static class TaskStates
{
    /// <summary>Asked for, but something else has to come first.</summary>
    public const string Waiting = "waiting";
    public const string Running = "running", Done = "done", Failed = "failed";
    public static readonly string[] All = [Waiting, Running, Done, Failed];
}

public static class TaskVerbs
{
    /// <summary>Try it again.</summary>
    public const string Retry = "retry";
    /// <summary>Back to what was before.</summary>
    public const string Undo = "undo";
    /// <summary>No further: what is not begun is left, what is half is cleared away.</summary>
    public const string Stop = "stop";
    public static readonly string[] All = [Retry, Undo, Stop];
}

/// <summary>One long operation as it is now.</summary>
public sealed record TaskView
{
    /// <summary>Name of the source, a dot, and what the source knows it by: the same as long as it is listed.</summary>
    public required string Id { get; init; }
    /// <summary>What is done: <c>server.resize</c>. The console has the words <c>task.server.resize</c>.</summary>
    public required string Kind { get; init; }
    public required string State { get; init; }
    /// <summary>server, volume, image, request ...</summary>
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public string? ObjectName { get; init; }
    /// <summary>null, with <see cref="DomainId"/>: the cloud's own, seen by its operators only.</summary>
    public string? ProjectId { get; init; }
    /// <summary>Only where it belongs to no project.</summary>
    public string? DomainId { get; init; }
    /// <summary>Who asked for it; null = nobody, or it is not known any more.</summary>
    public string? UserId { get; init; }
    /// <summary>The one of <see cref="Stages"/> that it is in; the console has the words <c>stage.NAME</c>.</summary>
    public string? Stage { get; init; }
    public IReadOnlyList<string> Stages { get; init; } = [];
    /// <summary>Measured, never guessed; null where nobody measures.</summary>
    public Progress? Progress { get; init; }
    public long StartedAt { get; init; }
    public long? EndedAt { get; init; }
    /// <summary>Why it failed, or what it waits for.</summary>
    public string? Error { get; init; }
    /// <summary>The <see cref="TaskVerbs"/> that are possible now.</summary>
    public IReadOnlyList<string> Can { get; init; } = [];
    /// <summary>Nobody else may do any of them.</summary>
    public bool OnlyByWhoAsked { get; init; }
    /// <summary>The rule of rules.txt that whoever wants one of them needs.</summary>
    public required string Rule { get; init; }
}

/// <summary>How far something is. Bytes where they are counted, else only the per cent that the engine says.</summary>
public sealed record Progress(double? Percent, long? Done, long? Total, long? BytesPerSecond)
{
    /// <summary>From what is left and the rate that was measured.</summary>
    public long? EtaSeconds => Done is { } done && Total is { } total && BytesPerSecond is > 0 and var rate && total >= done ? (total - done + rate - 1) / rate : null;

    public static Progress Of(long done, long? total, long? bytesPerSecond) => new(total is > 0 and var all ? Math.Round(Math.Min(100, 100.0 * done / all), 1) : null, done, total, bytesPerSecond);
}
