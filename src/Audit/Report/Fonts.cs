using System.Globalization;
using System.Text;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Xiangyun.Audit.Report;

/// <summary>
/// The two fonts that every PDF viewer has. They know ASCII; every other character is written as its number (\u5ba1), so that
/// nothing is lost or guessed. Chinese fonts cannot be embedded with the library that we have (docs/audit.md says why).
/// </summary>
internal sealed class Fonts(PdfDocumentBuilder pdf)
{
    public PdfDocumentBuilder.AddedFont Latin { get; } = pdf.AddStandard14Font(Standard14Font.Helvetica);
    public PdfDocumentBuilder.AddedFont Bold { get; } = pdf.AddStandard14Font(Standard14Font.HelveticaBold);

    public static string Ascii(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        var written = new StringBuilder();
        foreach (var c in text) _ = c is >= ' ' and <= '~' ? written.Append(c) : written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        return written.ToString();
    }
}
