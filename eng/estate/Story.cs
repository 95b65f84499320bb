// Tells the story of a running simulated estate in a terminal: thirty islands become one cloud, through the public APIs and nothing else.
// Space pauses and goes on, b takes the last step back, q ends; without a terminal it runs to the end. --json prints a line for each step.
// First it shows the plan of the waves; --plan ends there, and nothing is moved.
#:project ../../src/Kernel/Kernel.csproj
#:project ../../src/Client/Client.csproj
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
using System.Text.Json;
using Xiangyun.Client;
using Xiangyun.Client.Integration;

if (args is not [var url, var user, .. var rest] || Environment.GetEnvironmentVariable("XY_STORY_PASSWORD") is not { Length: > 0 } password)
{
    Console.Error.WriteLine("usage: XY_STORY_PASSWORD=... dotnet run eng/estate/Story.cs -- URL USER [--json] [--plan] [--islands N]");
    return 2;
}
var (json, most) = (rest.Contains("--json"), Array.IndexOf(rest, "--islands") is >= 0 and var at && at + 1 < rest.Length ? int.Parse(rest[at + 1]) : int.MaxValue);
var keys = !json && !Console.IsInputRedirected;
var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 16, UseCookies = false }) { BaseAddress = new Uri(new Uri(url).GetLeftPart(UriPartial.Authority)), Timeout = TimeSpan.FromSeconds(120) };
var api = new Api(http, await new Door(http).SignIn("Default", user, password, null));
var walk = new Walk(api, TimeProvider.System, (what, done, of) => { if (!json && (done == of || done % 10 == 0)) Console.Error.Write($"\r    {what["story.".Length..]} {done} of {of}      "); });

if (await walk.Look() is not { } now)
{
    Console.Error.WriteLine("there is no story here: it takes an estate of simulated hosts only, with a zone " + Standing.CloudZone);
    return 1;
}
Expect(await walk.Plan(now), await walk.Measure(now));
if (rest.Contains("--plan")) return 0;
await Tell("as it was", now);
if (keys) Console.Error.WriteLine("space pauses, b goes back, q ends");
for (var (done, paused) = (0, false); done < most && (paused || Walk.Next(now) is not null);)
{
    using var stop = new CancellationTokenSource();
    var work = paused ? Task.Delay(Timeout.Infinite, stop.Token) : walk.Close(now, Walk.Next(now)!, stop.Token);
    var (zone, pressed) = (Walk.Next(now)?.Zone, ' ');
    while (!work.IsCompleted)
    {
        if (keys && Console.KeyAvailable && (pressed = Console.ReadKey(true).KeyChar) is ' ' or 'b' or 'q') await stop.CancelAsync();
        await Task.WhenAny(work, Task.Delay(200));
    }
    try
    {
        await work;
        done++;
    }
    catch (OperationCanceledException) { } // a key was pressed
    if (pressed == 'q' && stop.IsCancellationRequested) break;
    now = (await walk.Look())!;
    if (stop.IsCancellationRequested && pressed == 'b' && Walk.Last(now) is { } last)
    {
        await walk.Reopen(now, last, CancellationToken.None);
        (now, paused, zone) = ((await walk.Look())!, true, "back: " + last.Zone);
    }
    else if (stop.IsCancellationRequested) (paused, zone) = (!paused, paused ? "goes on" : "paused");
    await Tell(zone ?? "", now);
}
for (var minute = 0; minute < 4 && !json; minute++) await Settle(); // agents report every few seconds
if (json) await Settle();
await Tell(now.Closed == now.Islands.Count ? "one cloud" : "so far", now);
return 0;

async Task Settle()
{
    await Task.Delay(TimeSpan.FromSeconds(10));
    now = (await walk.Look())!;
}

// The waves that are to come, and the estate as it is expected to be after each.
void Expect(IReadOnlyList<PlannedWave> waves, Savings s)
{
    var before = s.WattsBefore ?? s.Watts;
    if (json)
    {
        Console.WriteLine(JsonSerializer.Serialize(new { step = "plan", at = now.At, islands = now.Islands.Count, use_pct = Round(now.Use), hosts_in_use = now.On, watts = Round(s.Watts), simulated = true, waves = waves.Select(w => new { wave = w.Number, data_centres = w.Islands.Select(i => i.Zone), servers = w.Servers, memory_mib = w.RamMib, no_room = w.Left, hosts_retired = w.Retired, cloud_hosts_expected = w.CloudHosts, cloud_hosts_new = w.Woken, hosts_in_use_expected = w.On, use_pct_expected = Round(w.Use), watts_expected = Round(w.Watts), kwh_saved_a_year_expected = Round((before - w.Watts) * Savings.Year), money_saved_a_year_expected = Round((before - w.Watts) * Savings.Year * s.Price), currency = s.Since.Currency }) }));
        return;
    }
    Console.WriteLine($"expected, from what is measured now (power {(s.MeasuredPercent > 0 ? $"{s.MeasuredPercent:F0} % measured" : "estimated by the power curve")}):");
    foreach (var w in waves)
        Console.WriteLine($"  wave {w.Number}  {w.Islands.Count,2} data centres, {w.Servers,4} servers{(w.Left > 0 ? $" ({w.Left} have no room)" : "")}, retires {w.Retired,4} hosts; then {w.CloudHosts,2} hosts of the cloud, {w.On,4} in use at {w.Use:F1} %, {w.Watts / 1000:F1} kW: saves {(before - w.Watts) * Savings.Year:N0} kWh and {(before - w.Watts) * Savings.Year * s.Price:N0} {s.Since.Currency} a year");
}

async Task Tell(string step, Standing s)
{
    var e = await walk.Measure(s);
    Console.WriteLine(json
        ? JsonSerializer.Serialize(new
        {
            step, at = s.At, closed = s.Closed, islands = s.Islands.Count, use_pct = Round(s.Use), hosts_in_use = s.On, hosts_retired = s.Retired, servers_in_cloud = s.Cloud.Servers.Count, cloud_hosts = s.Cloud.On, host_hours_saved = Round(s.HostHours), simulated = true,
            watts = Round(e.Watts), watts_measured_pct = Round(e.MeasuredPercent), watts_before = Round(e.WattsBefore), kwh_counted_from = e.From, kwh_counted_to = e.CountedTo, kwh_as_before = Round(e.KwhAsBefore), kwh_drawn = Round(e.KwhDrawn), kwh_saved = Round(e.KwhSaved),
            money_saved = Round(e.MoneySaved), currency = e.Since.Currency, price_per_kwh = e.Since.PricePerKwh, pue = e.Since.Pue, kwh_saved_a_year = Round(e.KwhAYear), money_saved_a_year = Round(e.MoneyAYear), sources = e.Sources,
        })
        : $"\r{s.At:HH:mm:ss}  {step,-12} closed {s.Closed,2} of {s.Islands.Count}   use {s.Use,5:F1} %   hosts in use {s.On,5}   in the cloud {s.Cloud.Servers.Count,4} servers on {s.Cloud.On,2} hosts   {e.Watts / 1000,6:F1} kW{(e.MeasuredPercent > 0 ? "" : " (estimated)")}   saved {s.HostHours:F1} host hours, {e.KwhSaved ?? 0:F2} kWh, {e.MoneySaved ?? 0:F2} {e.Since.Currency}");
}

static double? Round(double? number) => number is { } n ? Math.Round(n, 2) : null;
