using System.Text;
using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// A signature inside a PDF that every viewer ignores and no byte escapes: comment lines after the document's end, and then
/// its last three lines once more, where viewers look for them. <c>%XYAUDIT {key}</c> for each key, then
/// <c>%XYAUDIT {statement}</c>, which signs all bytes before it.
/// </summary>
public static class PdfSeal
{
    private static readonly byte[] Mark = "%XYAUDIT "u8.ToArray();

    /// <param name="keys">The lines of the keys, oldest first.</param>
    /// <param name="sign">Makes the line of the statement from digest and length.</param>
    public static byte[] Close(byte[] pdf, IEnumerable<byte[]> keys, Func<string, long, byte[]> sign)
    {
        using var sealed_ = new MemoryStream();
        sealed_.Write(pdf);
        if (pdf[^1] != '\n') sealed_.WriteByte((byte)'\n');
        foreach (var key in keys) Comment(sealed_, key);
        Comment(sealed_, sign(Hex.Of(Sm3.Of(sealed_.ToArray())), sealed_.Length));
        sealed_.Write(Tail(pdf));
        return sealed_.ToArray();
    }

    public static bool IsPdf(ReadOnlySpan<byte> file) => file.StartsWith("%PDF-"u8);

    public static Verdict Check(byte[] file, string? pin)
    {
        var keys = new KeySet();
        string? wrong;
        try
        {
            wrong = Wrong(file, keys);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            wrong = e is FormatException ? e.Message : "the signature's lines were changed";
        }
        var pinned = pin is not null && keys.Keys.Any(k => k.Point == pin);
        if (wrong is null && pin is not null && !pinned) wrong = "your key is not among the keys of this file: somebody else signed it";
        return new Verdict { Findings = wrong is null ? [] : [new Finding(0, null, wrong)], Keys = keys.Keys, Pinned = pinned };
    }

    private static string? Wrong(byte[] file, KeySet keys)
    {
        var at = file.AsSpan().LastIndexOf(Mark);
        if (at < 0) return "this PDF carries no signature of the audit log";
        var first = file.AsSpan().IndexOf(Mark);
        var newline = file.AsSpan(at).IndexOf((byte)'\n');
        if (newline < Mark.Length) return "the signature is cut";
        var end = at + newline + 1;
        foreach (var line in Lines(file, first, at)) Read(line, (whole, statement) => keys.Take(0, whole, statement));
        string? wrong = null;
        Read(file.AsMemory(at + Mark.Length, end - at - Mark.Length - 1), (whole, statement) =>
        {
            if (statement.Text("type") != Statement.Pdf) throw new FormatException("the signature is of something else");
            keys.Collect(0, "the signature of the report", Canonical.Bytes(statement), whole.Text("signature"), statement.Text("key"));
            if (statement.Number("length") != at || statement.Text("digest") != Hex.Of(Sm3.Of(file.AsSpan(0, at)))) wrong = "the report was changed after it was signed";
        });
        if (!file.AsSpan(end).SequenceEqual(Tail(file.AsSpan(0, first).ToArray()))) wrong ??= "the lines after the signature were changed";
        return wrong ?? keys.FirstForged()?.What;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] file, int from, int to)
    {
        while (from < to)
        {
            var length = file.AsSpan(from).IndexOf((byte)'\n');
            if (length < Mark.Length || !file.AsSpan(from).StartsWith(Mark)) throw new FormatException("something stands between the lines of the keys");
            yield return file.AsMemory(from + Mark.Length, length - Mark.Length);
            from += length + 1;
        }
    }

    private static void Read(ReadOnlyMemory<byte> line, Action<JsonElement, JsonElement> take)
    {
        using var document = JsonDocument.Parse(line);
        if (!Canonical.Bytes(document.RootElement).AsSpan().SequenceEqual(line.Span)) throw new FormatException("a line of the signature was written anew");
        take(document.RootElement, document.RootElement.GetProperty("statement"));
    }

    private static void Comment(MemoryStream into, byte[] line)
    {
        into.Write(Mark);
        into.Write(line);
        into.WriteByte((byte)'\n');
    }

    /// <summary><c>startxref</c>, the number and <c>%%EOF</c> of the document itself.</summary>
    private static byte[] Tail(byte[] pdf)
    {
        var at = pdf.AsSpan().LastIndexOf("startxref"u8);
        if (at < 0) throw new FormatException("this is no whole PDF");
        return Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(pdf, at, pdf.Length - at).TrimEnd() + "\n");
    }
}
