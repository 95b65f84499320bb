// What open pages of the console cost the server, and how soon one is seen. Against a running cloud or `./xiangyun try --json`:
//   dotnet run -c Release --project bench/Circuits -- URL USER PASSWORD SERVER_PID [PAGES]
// Pages are real ones in Debian's Chromium, which needs the machine's processors too: what it takes is not counted.
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Playwright;

if (args.Length < 4) { Console.Error.WriteLine("usage: URL USER PASSWORD SERVER_PID [PAGES]"); return 2; }
var (url, user, password, pid, pages) = (args[0].TrimEnd('/'), args[1], args[2], int.Parse(args[3]), args.Length > 4 ? int.Parse(args[4]) : 100);
using var http = new HttpClient();
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
var person = await browser.NewContextAsync(new() { IgnoreHTTPSErrors = true, BaseURL = url, ViewportSize = new() { Width = 1366, Height = 768 } });
var page = await person.NewPageAsync();
await page.GotoAsync("/console/sign-in");
await page.FillAsync("[name=user]", user);
await page.FillAsync("[name=password]", password);
await page.ClickAsync("#sign-in");
await page.WaitForSelectorAsync(".xy-side");

var (paints, rows) = (new List<double>(), new List<double>());
for (var n = 0; n < 12; n++)
{
    var began = Stopwatch.GetTimestamp();
    await page.GotoAsync("/console/servers?f.all=1");
    await page.WaitForSelectorAsync(".xy-table tbody .xy-name");
    rows.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    paints.Add(await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"));
}
var filters = new List<double>();
foreach (var text in new[] { "db", "app", "nginx", "cache", "job", "file", "web", "biz" })
{
    var began = Stopwatch.GetTimestamp();
    await page.FillAsync("#filter-name", text);
    await page.PressAsync("#filter-name", "Enter");
    await page.WaitForFunctionAsync($"() => location.search.includes('f.name={text}') && !document.querySelector('[aria-busy=true]') && [...document.querySelectorAll('.xy-table tbody tr .xy-name')].every(a => a.textContent.includes('{text}'))");
    filters.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
}
await page.GotoAsync("about:blank");
await Task.Delay(5000);

var (memory, heap) = (Resident(), await Heap());
var open = new List<IPage>();
for (var n = 0; n < pages; n++)
{
    var one = await person.NewPageAsync();
    await one.GotoAsync("/console/servers?f.all=1");
    await one.WaitForSelectorAsync(".xy-table tbody .xy-name");
    open.Add(one);
}
await Task.Delay(20_000);
var (cpu, since) = (Processor(), Stopwatch.GetTimestamp());
await Task.Delay(30_000);
var share = (Processor() - cpu).TotalSeconds / Stopwatch.GetElapsedTime(since).TotalSeconds;
var alive = await Heap();
Console.WriteLine($"first paint of a list page           {Median(paints):0} ms (median of {paints.Count}), rows after {Median(rows):0} ms");
Console.WriteLine($"filter, typed to shown               {Median(filters):0} ms (median of {filters.Count})");
Console.WriteLine($"{pages} open pages, idle                 server at {100 * share:0} % of one processor, the estate's own work included");
Console.WriteLine($"resident memory                      {memory / 1048576.0:0} MB before, {Resident() / 1048576.0:0} MB after: {(Resident() - memory) / 1048576.0 / pages:0.00} MB a page");
Console.WriteLine($"live heap after a full collection    {heap / 1048576.0:0} MB before, {alive / 1048576.0:0} MB after: {(alive - heap) / 1048576.0 / pages:0.00} MB a page");
return 0;

static double Median(List<double> of) => of.Order().ElementAt(of.Count / 2);

long Resident() => long.Parse(Regex.Match(File.ReadAllText($"/proc/{pid}/status"), @"VmRSS:\s+(\d+)").Groups[1].Value, CultureInfo.InvariantCulture) * 1024;

TimeSpan Processor()
{
    var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ');
    return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0);
}

// What is alive: read after a full collection, which the runtime's own diagnostics port asks for.
async Task<double> Heap()
{
    using (var session = new DiagnosticsClient(pid).StartEventPipeSession([new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, 0x800000)], requestRundown: false))
    {
        var read = session.EventStream.CopyToAsync(Stream.Null);
        await Task.Delay(3000);
        await session.StopAsync(CancellationToken.None);
        await read;
    }
    var metrics = await http.GetStringAsync(url + "/metrics");
    return Sum("dotnet_gc_last_collection_heap_size_bytes") - Sum("dotnet_gc_last_collection_heap_fragmentation_size_bytes"); // free holes are not alive
    double Sum(string name) => Regex.Matches(metrics, $@"^{name}\{{[^}}]*\}} (\S+)", RegexOptions.Multiline).Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
}
