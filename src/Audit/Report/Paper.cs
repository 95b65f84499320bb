using SkiaSharp;

namespace Xiangyun.Audit.Report;

/// <summary>A4 sheets on their side that fill from the top, line by line, in columns.</summary>
internal sealed class Paper : IDisposable
{
    private const float Width = 842, Height = 595, Left = 36, Right = 806, Top = 40, Bottom = 555;
    private const string Dots = "...";
    private readonly MemoryStream _bytes = new();
    private readonly SKDocument _pdf;
    private readonly SKPaint _ink = new() { Color = SKColors.Black, IsAntialias = true };
    private readonly Fonts _fonts = new();
    private SKCanvas? _sheet;
    private float _y;
    private int _sheets;

    public Paper() => _pdf = SKDocument.CreatePdf(_bytes);

    public byte[] Bytes()
    {
        if (_sheet is null) Turn();
        _pdf.EndPage();
        _pdf.Close();
        return _bytes.ToArray();
    }

    public void Space(float points) => _y += points;

    public void Rule()
    {
        _sheet!.DrawLine(Left, _y - 7, Right, _y - 7, _ink);
        _y += 3;
    }

    public void Line(string text, float size, bool bold = false) => Row([(0, Right - Left, text)], size, bold);

    /// <param name="cells">Where each begins, how wide it may be, and what it says; what is too long is cut with three dots.</param>
    public void Row(IEnumerable<(float At, float Width, string Text)> cells, float size, bool bold = false)
    {
        if (_sheet is null || _y > Bottom - size) Turn();
        foreach (var (at, width, text) in cells) Write(text, Left + at, _y, width, size, bold);
        _y += size * 1.4f;
    }

    private void Turn()
    {
        if (_sheet is not null) _pdf.EndPage();
        (_sheet, _y) = (_pdf.BeginPage(Width, Height), Top + 10);
        Write($"{++_sheets}", Right - 10, Bottom + 18, 40, 7, false);
    }

    private void Write(string text, float x, float y, float width, float size, bool bold)
    {
        var end = x + width;
        foreach (var (face, part) in _fonts.Stretches(text, bold))
        {
            using var font = new SKFont(face, size);
            var fits = font.MeasureText(part, _ink) <= end - x ? part.Length : font.BreakText(part, Math.Max(0, end - x - size), out _, _ink);
            if (fits > 0) _sheet!.DrawText(part[..fits], x, y, SKTextAlign.Left, font, _ink);
            x += font.MeasureText(part[..fits], _ink);
            if (fits == part.Length) continue;
            using var latin = new SKFont(_fonts.Stretches(Dots, bold).First().Face, size);
            _sheet!.DrawText(Dots, x, y, SKTextAlign.Left, latin, _ink);
            return;
        }
    }

    public void Dispose()
    {
        _pdf.Dispose();
        _ink.Dispose();
        _fonts.Dispose();
        _bytes.Dispose();
    }
}
