using Xiangyun.AuditCost;
using Xiangyun.Testing;

// What the audit log costs: clouds that differ only in how much they write of it, asked in turns in one run, so that
// whatever else the machine does meets all of them. Arguments: sqlite|postgres [rounds] [seconds] [workers] [scenario, by how its name begins]
Environment.SetEnvironmentVariable("XY_BENCH", "1");
var database = args.ElementAtOrDefault(0) ?? "sqlite";
var (rounds, seconds, workers) = (Number(1, 10), Number(2, 2), Number(3, 8));
string[] levels = ["none", "plain", "rows", "chained"];
var clouds = new Dictionary<string, Cloud>();
try
{
    foreach (var level in levels) clouds[level] = await Cloud.Start(new CloudShape { Database = database, Hosts = 0, OwnProcess = true, Audit = level });
    foreach (var scenario in Scenario.All.Where(s => s.Name.StartsWith(args.ElementAtOrDefault(4) ?? "", StringComparison.Ordinal)))
    {
        var all = levels.ToDictionary(l => l, _ => new List<Sample>());
        var clients = new Dictionary<string, Client[]>();
        foreach (var level in levels)
        {
            clients[level] = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => clouds[level].NewProject()));
            await scenario.Run(clouds[level], clients[level], 3);
        }
        for (var round = 0; round < rounds; round++)
            foreach (var level in levels.Skip(round % levels.Length).Concat(levels.Take(round % levels.Length)))
                all[level].Add(await scenario.Run(clouds[level], clients[level], seconds));
        Console.WriteLine($"{database}, {scenario.Name}, {workers} workers, {rounds} rounds of {seconds} s");
        foreach (var level in levels)
        {
            var ratio = Median(all[level].Zip(all["none"], (a, b) => a.PerSecond / b.PerSecond));
            var (cost, free) = (all[level].Sum(s => s.Processor) / all[level].Sum(s => s.Requests), all["none"].Sum(s => s.Processor) / all["none"].Sum(s => s.Requests));
            Console.WriteLine($"  {level,-8}{Median(all[level].Select(s => s.PerSecond)),8:F0} requests/s {ratio * 100,6:F1} % of none   {cost * 1e6,7:F0} us of processor a request {cost / free * 100,6:F1} % of none");
        }
    }
}
finally
{
    foreach (var cloud in clouds.Values) await cloud.DisposeAsync();
    await PostgresCluster.Stop();
}

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at]) : otherwise;
double Median(IEnumerable<double> values) => values.Order().ElementAt(rounds / 2);
