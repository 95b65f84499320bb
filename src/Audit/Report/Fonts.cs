using System.Globalization;
using SkiaSharp;
using Xiangyun.Kernel;

namespace Xiangyun.Audit.Report;

/// <summary>
/// Debian's DejaVu for Latin, Greek and Cyrillic, its Droid Fallback for Chinese; both are embedded, so that a report looks the same
/// everywhere. A character that neither knows is written as its number (\u1f600), so that nothing is lost or guessed.
/// </summary>
internal sealed class Fonts : IDisposable
{
    private const string Latin = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", LatinBold = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", Chinese = "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf";

    private readonly SKTypeface _latin = Open(Latin), _bold = Open(LatinBold), _chinese = Open(Chinese);

    private static SKTypeface Open(string file) => SKTypeface.FromFile(file)
        ?? throw CloudError.Unavailable($"The report needs the font {file}: install the Debian packages fonts-dejavu-core and fonts-droid-fallback (./xiangyun up does). The JSON export needs no fonts.");

    /// <summary>The text in stretches of one font each.</summary>
    public IEnumerable<(SKTypeface Face, string Text)> Stretches(string text, bool bold)
    {
        var (latin, begun, face) = (bold ? _bold : _latin, new System.Text.StringBuilder(), (SKTypeface?)null);
        foreach (var rune in text.EnumerateRunes())
        {
            var (next, said) = latin.ContainsGlyph(rune.Value) ? (latin, rune.ToString()) : _chinese.ContainsGlyph(rune.Value) ? (_chinese, rune.ToString()) : (latin, string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"));
            if (face is not null && face != next)
            {
                yield return (face, begun.ToString());
                begun.Clear();
            }
            face = next;
            begun.Append(said);
        }
        if (face is not null) yield return (face, begun.ToString());
    }

    public void Dispose()
    {
        _latin.Dispose();
        _bold.Dispose();
        _chinese.Dispose();
    }
}
