using System.Text.Json;
using System.Text.Json.Nodes;

namespace Xiangyun.Replay.Ledger;

/// <summary>`ledger verify FILE`: counts every number of a ledger again. Ends with 0 when all are right, with 1 when one is not.</summary>
internal static class LedgerRun
{
    private const int Shown = 20;

    public static int Run(string[] args, TextWriter output)
    {
        if (args is not ["verify", var file, ..]) throw new WrongUse("ledger verify needs the ledger's file");
        var traces = args is [_, _, "--traces", var directory] ? directory : args.Length == 2 ? null : throw new WrongUse("ledger verify FILE [--traces DIR]");
        var lines = Lines(file);
        IReadOnlyList<string> wrong;
        try
        {
            wrong = LedgerCheck.Of(lines, LedgerReader.Read(lines, traces));
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or NullReferenceException or JsonException or ArgumentException)
        {
            throw new WrongUse($"{file} is no ledger that can be read: {e.Message}");
        }
        foreach (var line in wrong.Take(Shown)) output.WriteLine(line);
        if (wrong.Count > Shown) output.WriteLine($"and {wrong.Count - Shown} more");
        output.WriteLine(wrong.Count == 0 ? $"{file}: all of {lines.Sum(Numbers)} numbers in {lines.Count} lines are what the recorded samples give" : $"{file}: {wrong.Count} numbers are not what the recorded samples give");
        return wrong.Count == 0 ? 0 : 1;
    }

    public static IReadOnlyList<JsonObject> Lines(string file) => [.. File.ReadLines(file).Where(l => l.Length > 0).Select((l, n) =>
    {
        try
        {
            return JsonNode.Parse(l) as JsonObject ?? throw new WrongUse($"{file}, line {n + 1}: no object");
        }
        catch (JsonException e)
        {
            throw new WrongUse($"{file}, line {n + 1}: {e.Message}");
        }
    })];

    private static int Numbers(JsonNode? node) => node switch
    {
        JsonObject o => o.Sum(m => Numbers(m.Value)),
        JsonArray a => a.Sum(Numbers),
        JsonValue v => v.GetValueKind() == JsonValueKind.Number ? 1 : 0,
        _ => 0,
    };
}
