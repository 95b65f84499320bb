using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Ledger;
using Xiangyun.Replay.Report;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Islands;

/// <summary>Everything that came out of the story, for those who print it.</summary>
internal sealed record Story(IslandsOptions Options, OldEstate Estate, IReadOnlyList<Assessed> Systems, IReadOnlyList<IslandReport> Islands, IReadOnlyList<Wave> Waves, IReadOnlyList<Outcome> Days, Book Book, Accounts Accounts);

/// <summary>
/// `islands`: the old data centres as they were bought, what an assessment says of them, the waves in which they are closed, and one recorded day
/// for each wave, run by the same planner and evaluator as `replay`. Then one more day of the finished cloud.
/// </summary>
internal static class IslandsRun
{
    public static int Run(IslandsOptions options, TextWriter output)
    {
        var prices = Prices.Read(options.Prices);
        var story = Tell(options, prices);
        foreach (var line in options.Json ? IslandsLines.Json(story) : IslandsLines.Table(story)) output.WriteLine(line);
        if (options.Plan is { } plan) File.WriteAllLines(plan, IslandsLines.Plan(story));
        if (options.Csv is { } csv) File.WriteAllLines(csv, IslandsLines.Csv(story));
        if (options.Ledger is { } ledger) File.WriteAllLines(ledger, LedgerLines.Of(story.Book).Select(l => l.ToJsonString()));
        if (options.Html is { } html) File.WriteAllText(html, IslandsPage.Of(story));
        return 0;
    }

    internal static Story Tell(IslandsOptions options, Prices prices)
    {
        var (days, files) = (new List<Trace>(), new List<SourceFile>());
        foreach (var path in options.Traces.SelectMany(Files))
        {
            var (day, file) = LedgerReader.Open(path, path);
            days.Add(day);
            files.Add(file);
        }
        var trace = days.Count == 1 ? days[0] : Trace.Merge(days);
        var estate = OldEstate.Build(trace, options);
        var systems = Assessment.Vms(estate);
        var islands = Assessment.Islands(estate, systems);
        var waves = Waves.Plan(estate, islands, options.Waves);
        var diary = new Diary(estate);
        var outcomes = Days(estate, waves, options.Policy, diary);
        Source[] sources = [.. days.SelectMany((day, file) => day.Vms.Select((_, row) => new Source(file, row + 1)))];
        var book = new Book(estate.Trace, files, sources, diary.End(), prices, outcomes.Count, options.WaveDays, options.Policy);
        var accounts = new Accounts(book);
        Agree(outcomes, accounts);
        return new Story(options, estate, systems, islands, waves, outcomes, book, accounts);
    }

    private static List<Outcome> Days(OldEstate estate, IReadOnlyList<Wave> waves, string policy, Diary diary)
    {
        var tuning = Tuning.Named(policy) ?? throw new WrongUse($"there is no policy {policy}: known are {string.Join(", ", Tuning.Names)}");
        var (hostOf, outcomes) = (estate.HostOf, new List<Outcome>());
        for (var day = 0; day <= waves.Count + 1; day++)
        {
            var closing = day >= 1 && day <= waves.Count ? waves[day - 1].Islands.Select(i => i.Island).ToHashSet() : [];
            var leaving = Enumerable.Range(0, hostOf.Length).Where(vm => closing.Contains(estate.IslandOfVm(vm))).ToHashSet();
            var one = new WavePolicy(estate, hostOf, leaving, new OwnPolicy(policy, tuning, ramBinds: true, Terms.MovableMbPerGbit));
            diary.Begin(day);
            outcomes.Add(new Replayer(estate.Trace, estate.Hosts, new Terms(CloudSim: false), new Watched(one, diary), keepRam: true, diary).Run());
            hostOf = [.. one.World.HostOf];
            if (leaving.Any(vm => hostOf[vm] < estate.OldHosts)) throw new WrongUse($"wave {day} is not done within its day: {leaving.Count(vm => hostOf[vm] < estate.OldHosts)} systems are still there. Give the cloud more hosts, or the wave fewer data centres");
        }
        return outcomes;
    }

    /// <summary>What the ledger counts from its own lines must be what the evaluator counted; else one of the two is wrong, and nothing is printed.</summary>
    private static void Agree(List<Outcome> outcomes, Accounts accounts)
    {
        for (var day = 0; day < outcomes.Count; day++)
        {
            var (told, counted) = (outcomes[day], accounts.Days[day]);
            foreach (var (what, a, b) in new[] { ("kWh", told.EnergyKwh, counted.Kwh), ("host hours", told.HostHours, counted.HostHours), ("use", told.UtilPct, counted.UsePct), ("overload", told.OverloadTimePct, counted.OverloadTimePct), ("moves", told.Migrations, counted.Moves) })
                if (Math.Abs(a - b) > 1e-6 * Math.Max(1, Math.Abs(a))) throw new InvalidOperationException($"day {day}: the evaluator counts {a} {what}, the ledger {b}");
        }
    }

    private static IEnumerable<string> Files(string path) => File.Exists(Path.Combine(path, "cpu.csv.gz")) ? [Path.Combine(path, "cpu.csv.gz")] : TraceFolder.Read(path).Select(day => Path.Combine(path, day.Name, "cpu.csv.gz"));

    /// <summary>Lets the diary see who runs where as soon as the day has begun.</summary>
    private sealed class Watched(WavePolicy policy, Diary diary) : IPolicy
    {
        public string Name => policy.Name;

        public void Start(World world)
        {
            policy.Start(world);
            diary.Watch(world);
        }

        public IReadOnlyList<Move> Next(World world, Past past) => policy.Next(world, past);
    }
}
