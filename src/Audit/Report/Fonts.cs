using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Xiangyun.Audit.Report;

/// <summary>
/// Latin text needs no font file; Chinese needs one of Debian's TrueType fonts (fonts-droid-fallback). Without it such
/// characters become question marks, and the report says so.
/// </summary>
internal sealed class Fonts
{
    private static readonly string[] Files = ["/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf"];

    public Fonts(PdfDocumentBuilder pdf)
    {
        Latin = pdf.AddStandard14Font(Standard14Font.Helvetica);
        Bold = pdf.AddStandard14Font(Standard14Font.HelveticaBold);
        Wide = Files.FirstOrDefault(File.Exists) is { } file ? pdf.AddTrueTypeFont(File.ReadAllBytes(file)) : null;
    }

    public PdfDocumentBuilder.AddedFont Latin { get; }
    public PdfDocumentBuilder.AddedFont Bold { get; }
    public PdfDocumentBuilder.AddedFont? Wide { get; }

    /// <summary>A text in runs of one font each.</summary>
    public IEnumerable<(string Text, bool Wide)> Runs(string text)
    {
        var from = 0;
        for (var i = 1; i <= text.Length; i++)
            if (i == text.Length || IsWide(text[i]) != IsWide(text[from]))
            {
                var wide = IsWide(text[from]);
                yield return wide && Wide is null ? (new string('?', i - from), false) : (text[from..i], wide);
                from = i;
            }
    }

    private static bool IsWide(char c) => c is < ' ' or > 'ÿ';
}
