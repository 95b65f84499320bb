using System.Collections.Immutable;

namespace Xiangyun.Console.Kit.Table;

/// <summary>
/// What a table shows: filters, order, page, columns. All of it stands in the address, so that a link, a reload, the back
/// button and a server's restart lead to the same rows.
/// </summary>
public sealed record ListState(ImmutableSortedDictionary<string, string> Filters, string? Sort, bool Descending, string? Marker, int Page, int Size, ImmutableSortedSet<string> Toggled)
{
    public const int Usual = 20;

    /// <summary>What else stands in the address, such as the page's tab: it is the page's own and stays.</summary>
    public ImmutableSortedDictionary<string, string> Others { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public static readonly int[] Sizes = [20, 50, 100, 500];

    public string? Filter(string key) => Filters.GetValueOrDefault(key);

    public ListState With(string filter, string? value) => this with { Filters = string.IsNullOrWhiteSpace(value) ? Filters.Remove(filter) : Filters.SetItem(filter, value.Trim()), Marker = null, Page = 1 };

    public ListState Unfiltered() => this with { Filters = ImmutableSortedDictionary<string, string>.Empty, Marker = null, Page = 1 };

    public ListState SortedBy(string key) => this with { Sort = key, Descending = Sort == key && !Descending, Marker = null, Page = 1 };

    public static ListState Read(string uri)
    {
        var (filters, others, toggled) = (ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal), ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal), ImmutableSortedSet<string>.Empty);
        string? sort = null, marker = null;
        var (descending, page, size) = (false, 1, Usual);
        foreach (var part in new Uri(uri, UriKind.RelativeOrAbsolute) is { IsAbsoluteUri: true } whole ? whole.Query.TrimStart('?').Split('&') : [])
        {
            if (part.Split('=', 2) is not [var name, var raw]) continue;
            var value = Uri.UnescapeDataString(raw.Replace('+', ' '));
            switch (name)
            {
                case "sort": (descending, sort) = value.StartsWith('-') ? (true, value[1..]) : (false, value); break;
                case "marker": marker = value; break;
                case "page": page = int.TryParse(value, out var p) && p > 0 ? p : 1; break;
                case "size": size = int.TryParse(value, out var s) && Sizes.Contains(s) ? s : Usual; break;
                case "columns": toggled = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries)]; break;
                case ['f', '.', ..] when value.Length > 0: filters[name[2..]] = value; break;
                case ['f', '.', ..] or "": break;
                default: others[name] = value; break;
            }
        }
        return new ListState(filters.ToImmutable(), sort, descending, marker, marker is null ? 1 : page, size, toggled) { Others = others.ToImmutable() };
    }

    /// <summary>The query part of the address; what is usual is left out.</summary>
    public string Query()
    {
        var parts = Others.Select(o => $"{o.Key}={Uri.EscapeDataString(o.Value)}").Concat(Filters.Select(f => $"f.{f.Key}={Uri.EscapeDataString(f.Value)}")).ToList();
        if (Sort is not null) parts.Add($"sort={(Descending ? "-" : "")}{Uri.EscapeDataString(Sort)}");
        if (Size != Usual) parts.Add($"size={Size}");
        if (Toggled.Count > 0) parts.Add($"columns={string.Join(',', Toggled.Select(Uri.EscapeDataString))}");
        if (Marker is not null) parts.Add($"page={Page}&marker={Uri.EscapeDataString(Marker)}");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
