using Xiangyun.AuditCost;
using Xiangyun.Testing;

// What the audit log costs: four clouds that differ only in how much they write of it, asked in turns in one run, so that
// whatever else the machine does meets all of them. Arguments: sqlite|postgres [rounds] [seconds] [workers]
Environment.SetEnvironmentVariable("XY_BENCH", "1");
var database = args.ElementAtOrDefault(0) ?? "sqlite";
var (rounds, seconds, workers) = (Number(1, 5), Number(2, 4), Number(3, 8));
string[] levels = ["none", "plain", "rows", "chained"];
var clouds = new Dictionary<string, Cloud>();
try
{
    foreach (var level in levels) clouds[level] = await Cloud.Start(new CloudShape { Database = database, Hosts = 0, OwnProcess = true, Audit = level });
    foreach (var scenario in Scenario.All)
    {
        var rates = levels.ToDictionary(l => l, _ => new List<double>());
        foreach (var level in levels) await scenario.Run(clouds[level], workers, 2);
        for (var round = 0; round < rounds; round++)
            foreach (var level in levels.Skip(round % levels.Length).Concat(levels.Take(round % levels.Length)))
                rates[level].Add(await scenario.Run(clouds[level], workers, seconds));
        Console.WriteLine($"{database}, {scenario.Name}, {workers} workers, {rounds} rounds of {seconds} s");
        foreach (var level in levels)
        {
            var ratios = rates[level].Zip(rates["none"], (a, b) => a / b).Order().ToList();
            Console.WriteLine($"  {level,-8}{rates[level].Order().ElementAt(rounds / 2),9:F0} requests/s   {ratios[rounds / 2] * 100,6:F1} % of none (rounds: {ratios[0] * 100:F1} .. {ratios[^1] * 100:F1})");
        }
    }
}
finally
{
    foreach (var cloud in clouds.Values) await cloud.DisposeAsync();
    await PostgresCluster.Stop();
}

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at]) : otherwise;
