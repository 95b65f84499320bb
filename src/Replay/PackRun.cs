using System.Text.Json;
using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Packing;

namespace Xiangyun.Replay;

/// <summary>
/// `pack`: requests in their order on N empty servers until the first that no server has room for (fading), and the whole sequence on the
/// recorded servers (fleet). A request whose own rule leaves no server, room or not, is refused and passed over: no placement could help it.
/// </summary>
internal static class PackRun
{
    private const int RackSize = 10, NodeCores = 60, NodeRam = 150;

    public static int Run(string[] args, TextWriter output)
    {
        var directory = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? throw new WrongUse("pack needs a directory with requests_*.csv.gz");
        var starts = Array.IndexOf(args, "--starts") is >= 0 and var at && at + 1 < args.Length && int.TryParse(args[at + 1], out var n) ? n : 30;
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, "requests_*.csv.gz").Order(StringComparer.Ordinal).ToArray() : [];
        if (files.Length == 0) throw new WrongUse($"{directory} holds no requests_*.csv.gz");
        var sets = files.Select(Requests.Read).ToArray();
        foreach (var servers in (ReadOnlySpan<int>)[5, 20, 50])
        {
            var means = Enum.GetValues<Choice>().ToDictionary(c => c, c => Mean(c, sets, servers, starts));
            foreach (var (choice, served) in means) Tell(output, args, "fading", servers, choice, served, 100 * (served / means[Choice.FirstFit] - 1));
        }
        if (!File.Exists(Path.Combine(directory, "servers.csv.gz"))) return 0;
        for (var i = 0; i < sets.Length; i++)
            foreach (var choice in Enum.GetValues<Choice>())
            {
                var packer = new Packer(Requests.Servers(Path.Combine(directory, "servers.csv.gz")), choice);
                Tell(output, args, $"fleet {Path.GetFileName(files[i]).Split('.')[0]}", 1710, choice, sets[i].Count(w => packer.Place(w) >= 0), null);
            }
        return 0;
    }

    private static double Mean(Choice choice, Wish[][] sets, int servers, int starts)
    {
        var served = new int[starts];
        Parallel.For(0, starts, i =>
        {
            var set = sets[i % sets.Length];
            served[i] = Fading(choice, set, servers, set.Length / starts * i);
        });
        return served.Average();
    }

    internal static int Fading(Choice choice, Wish[] wishes, int servers, int start)
    {
        Room[] rooms = [.. Enumerable.Range(0, servers).Select(i => new Room(i / RackSize, NodeCores, NodeRam, NodeCores, NodeRam))];
        var packer = new Packer(rooms, choice);
        var served = 0;
        for (var i = 0; i < wishes.Length; i++)
        {
            var wish = wishes[(start + i) % wishes.Length];
            if (packer.Place(wish) >= 0) served++;
            else if (!rooms.Any(r => r.Fits(wish.Cores, wish.RamGb, wish.Nodes))) break;
        }
        return served;
    }

    private static void Tell(TextWriter output, string[] args, string kind, int servers, Choice choice, double served, double? gain) =>
        output.WriteLine(args.Contains("--json")
            ? JsonSerializer.Serialize(new { run = kind, servers, choice = choice.ToString().ToLowerInvariant(), served = Math.Round(served, 2), over_first_fit_pct = gain is { } g ? Math.Round(g, 2) : (double?)null })
            : $"{kind,-22} {servers,5} servers  {choice,-9} {served,8:F1} served{(gain is { } p ? $"  {p:+0.00;-0.00} % against first fit" : "")}");
}
