// Tells the story of a running simulated estate in a terminal: thirty islands become one cloud, through the public APIs and nothing else.
// Space pauses and goes on, b takes the last step back, q ends; without a terminal it runs to the end. --json prints a line for each step.
#:project ../../src/Kernel/Kernel.csproj
#:project ../../src/Client/Client.csproj
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
using System.Text.Json;
using Xiangyun.Client;
using Xiangyun.Client.Integration;

if (args is not [var url, var user, .. var rest] || Environment.GetEnvironmentVariable("XY_STORY_PASSWORD") is not { Length: > 0 } password)
{
    Console.Error.WriteLine("usage: XY_STORY_PASSWORD=... dotnet run eng/estate/Story.cs -- URL USER [--json] [--islands N]");
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
Tell("as it was", now);
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
    Tell(zone ?? "", now);
}
for (var minute = 0; minute < 4 && !json; minute++) await Settle(); // agents report every few seconds
if (json) await Settle();
Tell(now.Closed == now.Islands.Count ? "one cloud" : "so far", now);
return 0;

async Task Settle()
{
    await Task.Delay(TimeSpan.FromSeconds(10));
    now = (await walk.Look())!;
}

void Tell(string step, Standing s) => Console.WriteLine(json
    ? JsonSerializer.Serialize(new { step, at = s.At, closed = s.Closed, islands = s.Islands.Count, use_pct = s.Use is { } use ? Math.Round(use, 2) : (double?)null, hosts_in_use = s.On, hosts_retired = s.Retired, servers_in_cloud = s.Cloud.Servers.Count, cloud_hosts = s.Cloud.On, host_hours_saved = Math.Round(s.HostHours, 2), simulated = true })
    : $"\r{s.At:HH:mm:ss}  {step,-12} closed {s.Closed,2} of {s.Islands.Count}   use {s.Use,5:F1} %   hosts in use {s.On,5}   in the cloud {s.Cloud.Servers.Count,4} servers on {s.Cloud.On,2} hosts   saved {s.HostHours:F1} host hours");
