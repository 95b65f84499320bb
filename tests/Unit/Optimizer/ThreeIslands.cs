using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Replay;
using Xiangyun.Replay.Islands;
using Xiangyun.Replay.Ledger;

namespace Xiangyun.Unit.Optimizer;

/// <summary>A recorded day of 36 systems in a file, as `islands` reads it, and the story told of it once.</summary>
public sealed class ThreeIslands : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("xy-islands-").FullName;

    public ThreeIslands()
    {
        var random = new Random(7);
        using (var writer = new StreamWriter(new GZipStream(File.Create(Path.Combine(_directory, "cpu.csv.gz")), CompressionLevel.Fastest)))
            for (var vm = 0; vm < 36; vm++)
            {
                var level = random.Next(2, 22);
                writer.WriteLine($"system-{vm}," + string.Join(',', Enumerable.Range(0, 288).Select(_ => Math.Clamp(level + random.Next(-5, 6), 0, 100))));
            }
        Story = IslandsRun.Tell(IslandsOptions.Of([_directory, "--bureaus", "3", "--waves", "1,2", "--cloud", "4x32"]), new Prices());
        _text = [.. LedgerLines.Of(Story.Book).Select(l => l.ToJsonString())];
    }

    private readonly string[] _text;

    internal Story Story { get; }

    internal JsonObject[] Lines() => [.. _text.Select(l => (JsonObject)JsonNode.Parse(l)!)];

    /// <summary>What `ledger verify` says; a file that cannot be read is wrong, too.</summary>
    internal IReadOnlyList<string> Check(IReadOnlyList<JsonObject> lines)
    {
        try
        {
            return LedgerCheck.Of(lines, LedgerReader.Read(lines, null));
        }
        catch (Exception e) when (e is WrongUse or InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            return [e.Message];
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
