using Microsoft.AspNetCore.Components;

namespace Xiangyun.Console.Kit.Table;

/// <summary>One column: its words, what it shows, what the export writes, and the name under which the service sorts it.</summary>
public sealed record Column<T>(string Key, string Words, Func<T, string?> Text)
{
    public RenderFragment<T>? Cell { get; init; }
    public string? Sort { get; init; }
    /// <summary>Not shown until the reader asks.</summary>
    public bool Hidden { get; init; }
    public bool Number { get; init; }
    /// <summary>May take two lines, such as a name with its id.</summary>
    public bool Wraps { get; init; }
}

/// <summary>One filter above a table: free text, or one of some values.</summary>
public sealed record Filter(string Key, string Words, IReadOnlyList<(string Value, string Words)>? Options = null);
