using System.Text;

namespace Xiangyun.Console.Kit.Table;

/// <summary>Comma-separated text (RFC 4180) that spreadsheets open as UTF-8 and never run: a cell that looks like a formula gets an apostrophe.</summary>
internal static class Csv
{
    public static string Write<T>(IReadOnlyList<string> titles, IReadOnlyList<Column<T>> columns, IEnumerable<T> rows)
    {
        var text = new StringBuilder("\uFEFF").AppendJoin(',', titles.Select(Cell)).Append("\r\n");
        foreach (var row in rows) text.AppendJoin(',', columns.Select(c => Cell(c.Text(row)))).Append("\r\n");
        return text.ToString();
    }

    internal static string Cell(string? value)
    {
        value ??= "";
        if (value.Length > 0 && "=+-@\t\r".Contains(value[0]) && !double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _)) value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
