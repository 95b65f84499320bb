using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace Xiangyun.Audit.Report;

/// <summary>A4 sheets on their side that fill from the top, line by line, in columns.</summary>
internal sealed class Paper
{
    private const double Left = 36, Right = 806, Top = 560, Bottom = 40;
    private readonly PdfDocumentBuilder _pdf = new();
    private readonly Fonts _fonts;
    private PdfPageBuilder _page;
    private double _y = Top;
    private int _sheets;

    public Paper()
    {
        _fonts = new Fonts(_pdf);
        _page = Sheet();
    }

    public byte[] Bytes() => _pdf.Build();

    public void Space(double points) => _y -= points;

    public void Rule()
    {
        _page.DrawLine(new PdfPoint(Left, _y + 2), new PdfPoint(Right, _y + 2), 0.4);
        _y -= 2;
    }

    public void Line(string text, double size, bool bold = false) => Row([(0, Right - Left, text)], size, bold);

    /// <param name="cells">Where each begins, how wide it may be, and what it says; what is too long is cut with three dots.</param>
    public void Row(IEnumerable<(double At, double Width, string Text)> cells, double size, bool bold = false)
    {
        if (_y < Bottom + size) (_page, _y) = (Sheet(), Top);
        foreach (var (at, width, text) in cells.Where(c => c.Text.Length > 0)) _page.AddText(Fit(Fonts.Ascii(text), width, size), size, new PdfPoint(Left + at, _y), bold ? _fonts.Bold : _fonts.Latin);
        _y -= size * 1.35;
    }

    private PdfPageBuilder Sheet()
    {
        var sheet = _pdf.AddPage(PageSize.A4, isPortrait: false);
        sheet.AddText($"{++_sheets}", 7, new PdfPoint(Right - 10, Bottom - 18), _fonts.Latin);
        return sheet;
    }

    private static string Fit(string text, double width, double size)
    {
        var used = 0.0;
        for (var i = 0; i < text.Length; i++)
        {
            used += size * 0.54;
            if (used > width) return text[..Math.Max(0, i - 2)] + "...";
        }
        return text;
    }
}
