using System.Globalization;
using System.Text;

namespace Xiangyun.Replay.Report;

/// <summary>Lines over the day as an inline SVG: a picture for a report that opens anywhere, without scripts.</summary>
internal static class Plot
{
    private static readonly string[] Colours = ["#c0392b", "#2471a3", "#1e8449", "#b9770e", "#6c3483", "#566573", "#117a65"];
    private const int Width = 860, Height = 240, Left = 52, Top = 30, Right = 150, Bottom = 26;

    /// <param name="days">More than a day: that many days, with a mark at each midnight.</param>
    public static string Of(string title, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> lines, int days = 1)
    {
        var top = Math.Max(1e-9, lines.Max(l => l.Values.Max())) * 1.05;
        var count = lines.Max(l => l.Values.Count);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\"><text x=\"{Left}\" y=\"18\" class=\"t\">{title}</text>");
        for (var i = 0; i <= 4; i++)
        {
            var y = Y(top * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" class=\"g\"/><text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{top * i / 4:G3}</text>");
        }
        for (var day = 0; days > 1 && day < days; day++) svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(day * count / (double)days):F1}\" x2=\"{X(day * count / (double)days):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" class=\"g\"/><text x=\"{X((day + 0.5) * count / days):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{(day == 0 ? "as it was" : day == days - 1 ? "one cloud" : $"wave {day}")}</text>");
        for (var hour = 0; days == 1 && hour <= 24; hour += 4) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(hour * (count - 1) / 24.0):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{hour}:00</text>");
        for (var i = 0; i < lines.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var points = string.Join(' ', lines[i].Values.Select((v, k) => FormattableString.Invariant($"{X(k):F1},{Y(v):F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\" points=\"{points}\"/><text x=\"{Width - Right + 10}\" y=\"{Top + 14 + i * 16}\" fill=\"{colour}\">{lines[i].Name}</text>");
        }
        return svg.Append("</svg>").ToString();

        double X(double k) => Left + k * (Width - Left - Right) / Math.Max(1, count - 1);
        double Y(double v) => Height - Bottom - v / top * (Height - Top - Bottom);
    }
}
