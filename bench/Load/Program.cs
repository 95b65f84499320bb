using Xiangyun.Load;

// Measures any cloud that speaks Keystone v3: how many requests a second, how long they take, how fast servers become ACTIVE.
Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{Options.Usage}");
    return 2;
}
using var cloud = await Session.SignIn(options);
Console.WriteLine($"{"what",-28}{"requests/s",12}{"p50 ms",10}{"p95 ms",10}{"p99 ms",10}{"failed",10}");
foreach (var (name, ask) in Scenarios.All(cloud)) (await Meter.Run(name, options.Workers, options.Seconds, ask)).Print();
if (options.Servers > 0) await ServerWave.Run(cloud, options);
return 0;
