namespace Xiangyun.Store.Alarms;

/// <summary>
/// Each module tells what is wrong with its things now: everything that holds at this moment, however long it has. A pure read; whoever
/// compares it with the moment before is somebody else, so that nothing is raised twice and nothing stays when it is over.
/// </summary>
public interface IAlarmSource
{
    /// <summary>Every kind that <see cref="Now"/> may tell.</summary>
    IReadOnlyList<AlarmKind> Kinds { get; }

    Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits);

    /// <summary>How long it is between two questions: more where <see cref="Now"/> reads much.</summary>
    TimeSpan Period => TimeSpan.FromSeconds(5);
}

public enum Severity { Warning, Minor, Major, Critical }

/// <param name="Name">What is wrong: <c>host.silent</c>. The console has the words <c>alarm.host.silent</c>, docs/ops the page <c>host-silent.md</c>.</param>
/// <param name="English">The message with its values in braces: <c>Host {host} does not answer.</c></param>
public sealed record AlarmKind(string Name, string English)
{
    /// <summary>From when on it counts; the operator may change them.</summary>
    public IReadOnlyList<AlarmLimit> Limits { get; init; } = [];

    /// <summary>It is raised when it has held for so long, and cleared when it has been over for so long: what flaps is one alarm.</summary>
    public int HoldSeconds { get; init; }

    public string Page => Name.Replace('.', '-').Replace('_', '-');
}

/// <param name="Name">Begins with the kind: <c>host.disk.minor_percent</c>.</param>
public sealed record AlarmLimit(string Name, double Default, double Least, double Most, string Unit);

/// <summary>One thing that is wrong now.</summary>
public sealed record Condition
{
    /// <summary>The same as long as it is the same trouble; what it is about stands in it, what changes by the minute does not: <c>host.silent:ID</c>.</summary>
    public required string Key { get; init; }
    public required string Kind { get; init; }
    public required Severity Severity { get; init; }
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public string? ObjectName { get; init; }
    /// <summary>Whose it is; both null = the cloud's own, seen by its operators only.</summary>
    public string? ProjectId { get; init; }
    public string? DomainId { get; init; }
    /// <summary>What the message's braces stand for. Ready to be read: numbers rounded, no ids where there are names.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
    /// <summary>Since when, where a row says so; null = since it was first noticed.</summary>
    public long? Since { get; init; }
}

/// <summary>The limits that count now: the operator's word, else the kind's default.</summary>
public sealed class AlarmLimits(IReadOnlyDictionary<string, double> values)
{
    public double this[string name] => values.TryGetValue(name, out var value) ? value : throw new InvalidOperationException($"no kind of alarm has a limit '{name}'");
}
