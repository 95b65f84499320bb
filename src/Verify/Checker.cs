using System.Text.Json;
using Xiangyun.Evidence;

namespace Xiangyun.Verify;

/// <summary>
/// The auditor's own program: one file in, words and an exit code out. No server, no database, no network, no root.
/// 0 = as it was signed, 1 = changed or forged, 2 = it could not be checked.
/// </summary>
internal static class Checker
{
    public const string Usage = """
        usage: ./xiangyun audit verify FILE [--key KEYFILE] [--heads HEADFILE]
          FILE      an export (JSON lines) or a signed report (PDF)
          KEYFILE   a public key of the cloud that you trust: 130 hexadecimal digits, or a line of GET /xiangyun/v1/audit/keys
          HEADFILE  heads that you kept from earlier, one a line
        exit code: 0 = as it was signed, 1 = changed or forged, 2 = it could not be checked
        """;

    public static int Run(string[] args, TextWriter told, TextWriter wrong)
    {
        string? file = null, keyFile = null, headFile = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--key" or "--heads" && i + 1 < args.Length)
            {
                if (args[i] == "--key") keyFile = args[++i];
                else headFile = args[++i];
            }
            else if (file is null && !args[i].StartsWith("--", StringComparison.Ordinal)) file = args[i];
            else file = "";
        }
        if (file is null or "")
        {
            wrong.WriteLine(Usage);
            return 2;
        }
        try
        {
            var verdict = Check(file, keyFile is null ? null : Point(File.ReadAllText(keyFile)), headFile is null ? [] : File.ReadLines(headFile));
            Tell(verdict, file, keyFile is not null, told);
            return verdict.Good ? 0 : 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            wrong.WriteLine($"{file} could not be checked: {e.Message}");
            return 2;
        }
    }

    private static Verdict Check(string file, string? pin, IEnumerable<string> heads)
    {
        using var stream = File.OpenRead(file);
        var start = new byte[8];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read == 0) throw new FormatException("it is empty");
        stream.Position = 0;
        return PdfSeal.IsPdf(start) ? PdfSeal.Check(File.ReadAllBytes(file), pin) : Verifier.Check(stream, pin, heads);
    }

    private static string Point(string text)
    {
        text = text.Trim();
        if (text.StartsWith('{'))
        {
            using var line = JsonDocument.Parse(text.Split('\n')[0]);
            text = (line.RootElement.TryGetProperty("statement", out var statement) ? statement : line.RootElement).Text("public");
        }
        return Hex.Bytes(text, Sm2.PublicLength) is not null ? text : throw new FormatException("the key file holds no SM2 public key (130 lower-case hexadecimal digits)");
    }

    private static void Tell(Verdict verdict, string file, bool asked, TextWriter told)
    {
        foreach (var finding in verdict.Findings) told.WriteLine($"WRONG  {finding}");
        if (!verdict.Good)
        {
            told.WriteLine($"{file}: NOT as it was signed");
            return;
        }
        if (verdict.Records > 0) told.WriteLine($"records {verdict.First} to {verdict.Last}: {verdict.Records - verdict.Hidden} whole, {verdict.Hidden} by digest only; last signed {DateTimeOffset.FromUnixTimeMilliseconds(verdict.SignedAt):u}");
        if (verdict.Beyond is { } beyond) told.WriteLine($"the copy ends at record {verdict.Last} because that was asked for: your head of record {beyond} was not compared");
        foreach (var key in verdict.Keys) told.WriteLine($"key {key.Number}: {key.Name} since {DateTimeOffset.FromUnixTimeMilliseconds(key.At):u}");
        told.WriteLine(asked ? "your key is one of them" : "without --key only the file speaks for its keys: compare the first name with what the cloud's owner gave you on paper");
        told.WriteLine($"{file}: as it was signed");
    }
}
