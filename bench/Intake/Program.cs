// How much of a processor, and of memory, one server needs to take in what 10 000 hosts tell of 100 000 guests every 30 seconds:
//   dotnet run -c Release --project bench/Intake [-- HOSTS GUESTS_PER_HOST ROUNDS]
// Each round decodes one message for each host, as gRPC would, and takes it in; the clock moves on by itself.
using System.Diagnostics;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Telemetry;

var (hosts, each, rounds) = (args.Length > 0 ? int.Parse(args[0]) : 10_000, args.Length > 1 ? int.Parse(args[1]) : 10, args.Length > 2 ? int.Parse(args[2]) : 40);
var folder = Directory.CreateTempSubdirectory("xy-intake-");
await using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddStore($"sqlite:{folder.FullName}/intake.db").AddTelemetry().BuildServiceProvider();
await services.GetRequiredService<Migrator>().Run();
var intake = services.GetRequiredService<IUseIntake>();
var messages = Enumerable.Range(0, hosts).Select(h =>
{
    var seen = new Seen { SampledAtMs = Clock.Ms(TimeProvider.System), Usage = new HostUsage { CpuPercent = h % 100, MemoryUsedMib = 1000 } };
    for (var g = 0; g < each; g++) seen.Guests.Add(new GuestSample { Id = Id.New(), Vcpus = 4, CpuBusy = g % 4, CpuWait = 0, MemoryMib = 8192, ResidentMib = 4096, UsedMib = 3000, NetInBps = 1e6f, NetOutBps = 1e6f });
    return (Host: Id.New(), Bytes: seen.ToByteArray());
}).ToList();
var empty = GC.GetTotalMemory(true);
async Task<double> Round(int n)
{
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    foreach (var (host, bytes) in messages)
    {
        var seen = Seen.Parser.ParseFrom(bytes);
        seen.SampledAtMs -= (rounds - n) * 30_000L;
        await intake.Take(host, 64, 262_144, seen);
    }
    return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
}
var first = await Round(0);
var later = 0.0;
for (var n = 1; n < rounds; n++) later += await Round(n);
var (cpu, memory) = (later / (rounds - 1), GC.GetTotalMemory(true) - empty);
Console.WriteLine($"{hosts} hosts, {hosts * each} guests, {messages.Average(m => m.Bytes.Length):0} bytes a message");
Console.WriteLine($"first round (reads what was kept)   {first:0.00} s of processor time");
Console.WriteLine($"later rounds                        {cpu:0.000} s of processor time: {100 * cpu / 30:0.0} % of one processor at 30 s");
Console.WriteLine($"memory                              {memory / 1048576.0:0} MB, {memory / (double)(hosts * each + hosts):0} bytes for each guest and host");

// What profiles cost: a few guests with a month behind them, five minutes a sample.
const int months = 200;
var old = Enumerable.Range(0, months).Select(_ => Id.New()).ToList();
for (var at = Clock.Ms(TimeProvider.System) - 30L * 86_400_000; at < Clock.Ms(TimeProvider.System); at += 300_000)
{
    var seen = new Seen { SampledAtMs = at };
    for (var g = 0; g < months; g++) seen.Guests.Add(new GuestSample { Id = old[g], Vcpus = 4, CpuBusy = (float)(1 + g % 3 + Math.Sin(at / 13_750_987.0 + g)), CpuWait = 0.1f, MemoryMib = 8192, UsedMib = 3000, NetInBps = 1e6f });
    await intake.Take("old", 64, 262_144, seen);
}
var telemetry = services.GetRequiredService<Xiangyun.Telemetry.Public.ITelemetry>();
await telemetry.Profiles(old);
var began = Process.GetCurrentProcess().TotalProcessorTime;
for (var n = 0; n < 20; n++) await telemetry.Profiles(old);
var one = (Process.GetCurrentProcess().TotalProcessorTime - began).TotalMilliseconds / 20 / months;
Console.WriteLine($"one profile of a month              {one:0.000} ms of processor time: {one * hosts * each / 1000:0.0} s for all, {100 * one * hosts * each / 3_600_000:0.00} % of one processor at once an hour");
folder.Delete(recursive: true);
