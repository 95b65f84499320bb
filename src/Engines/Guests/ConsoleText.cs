using System.Text;

namespace Xiangyun.Engines.Guests;

/// <summary>Cuts a console log to its last lines.</summary>
internal static class ConsoleText
{
    /// <summary>Bytes of a log file that are looked at, however large it is.</summary>
    public const int Kept = 1024 * 1024;

    public static string Last(string text, int lines)
    {
        if (lines <= 0) return text;
        var at = text.Length;
        if (at > 0 && text[at - 1] == '\n') at--;
        for (; lines > 0; lines--)
        {
            if (at == 0) return text;
            var next = text.LastIndexOf('\n', at - 1);
            if (next < 0) return text;
            at = next;
        }
        return text[(at + 1)..];
    }

    public static async Task<string> Tail(string file, int lines, CancellationToken ct)
    {
        if (!File.Exists(file)) return "";
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Max(0, stream.Length - Kept), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Last(await reader.ReadToEndAsync(ct), lines);
    }
}
