using Xiangyun.Client.Records;

namespace Xiangyun.Console.Kit;

/// <summary>One field of a small form in a dialog.</summary>
public sealed record Field(string Key, string Words)
{
    /// <summary>text, number, password, textarea</summary>
    public string Kind { get; init; } = "text";
    public string Value { get; init; } = "";
    public bool Required { get; init; }
    public long Min { get; init; }
    public long? Max { get; init; }
    public IReadOnlyList<(string Value, string Words)>? Options { get; init; }
    /// <summary>Choices that follow from what else is filled in.</summary>
    public Func<IReadOnlyDictionary<string, string>, IReadOnlyList<(string Value, string Words)>>? OptionsBy { get; init; }
    /// <summary>Choices that are shown but cannot be taken, by value, and why.</summary>
    public IReadOnlyDictionary<string, string> Closed { get; init; } = new Dictionary<string, string>();
    public string? Hint { get; init; }
}

/// <summary>A small form: its fields, what it does, and what a command line would do instead. What the cloud refuses is shown in the form, which stays open.</summary>
public sealed record Form(string Title, IReadOnlyList<Field> Fields, Func<IReadOnlyDictionary<string, string>, Task> Submit, Func<IReadOnlyDictionary<string, string>, string>? Cli = null)
{
    /// <summary>What sending it would take of which quota, told beside the fields while they are filled in; and what is left of them.</summary>
    public Func<IReadOnlyDictionary<string, string>, IReadOnlyList<(string Resource, long Amount)>>? Takes { get; init; }
    public IReadOnlyList<Quota> Quotas { get; init; } = [];

    /// <summary>Tells before it is sent whether somebody else has to agree; and asks for it then.</summary>
    public Func<IReadOnlyDictionary<string, string>, Task<Rehearsal>>? Rehearse { get; init; }
    public Func<IReadOnlyDictionary<string, string>, string, Task>? Apply { get; init; }

    /// <summary>What is wrong with the values, in words; null when nothing is.</summary>
    public Func<IReadOnlyDictionary<string, string>, string?>? Check { get; init; }
}
