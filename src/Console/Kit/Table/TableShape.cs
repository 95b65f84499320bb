using Xiangyun.Kernel;

namespace Xiangyun.Console.Kit.Table;

/// <summary>What one list is: where its rows come from, its columns, its filters.</summary>
public sealed record TableShape<T>(Func<ListState, CancellationToken, Task<Slice<T>>> Fetch, IReadOnlyList<Column<T>> Columns, IReadOnlyList<Filter> Filters);

/// <summary>Query strings of list calls: what is null or empty is left out.</summary>
internal static class Ask
{
    public static string For(string path, ListState state, params (string Name, string? Value)[] more) => With(path,
        [("limit", $"{state.Size}"), ("marker", state.Marker), .. more]);

    public static string With(string path, params (string Name, string? Value)[] parts)
    {
        var query = string.Join('&', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return query.Length == 0 ? path : $"{path}{(path.Contains('?') ? '&' : '?')}{query}";
    }
}
