using System.Diagnostics;
using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Contract.Ovn;

/// <summary>OVN's two databases and its translator, real, in a directory of their own; no host and no packets.</summary>
public sealed class OvnCentral : IAsyncLifetime
{
    public static readonly string[] Programs = ["ovsdb-tool", "ovsdb-server", "ovn-northd", "ovn-sbctl", "ovn-trace"];
    private readonly string _directory = Directory.CreateTempSubdirectory("xy-ovn-").FullName;
    private readonly Dictionary<string, Process> _running = [];

    public string Endpoint => $"unix:{Socket("nb")}";

    public static string? Find(string program) =>
        new[] { "/usr/bin", "/usr/sbin", "/usr/local/bin" }.Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Programs.Any(p => Find(p) is null)) return; // each test says so itself
        await StartDatabase("nb");
        await StartDatabase("sb");
        await Once("ovn-nbctl", $"--db={Endpoint}", "init");
        await Once("ovn-sbctl", $"--db=unix:{Socket("sb")}", "init");
        Start("northd", "ovn-northd", $"--ovnnb-db={Endpoint}", $"--ovnsb-db=unix:{Socket("sb")}", $"--unixctl={_directory}/northd.ctl", "-vconsole:off");
    }

    public async Task StartDatabase(string name)
    {
        var file = Path.Combine(_directory, $"{name}.db");
        if (!File.Exists(file)) await Once("ovsdb-tool", "create", file, $"/usr/share/ovn/ovn-{name}.ovsschema");
        Start(name, "ovsdb-server", file, $"--remote=punix:{Socket(name)}", $"--unixctl={_directory}/{name}.ctl", "-vconsole:off");
        for (var i = 0; i < 200 && !File.Exists(Socket(name)); i++) await Task.Delay(20);
    }

    public async Task StopDatabase(string name)
    {
        _running[name].Kill();
        await _running[name].WaitForExitAsync();
        File.Delete(Socket(name));
    }

    /// <summary>Runs <c>ovn-sbctl</c>.</summary>
    public Task<string> Southbound(params string[] arguments) => Once("ovn-sbctl", [$"--db=unix:{Socket("sb")}", .. arguments]);

    /// <summary>The way of one packet through the logical flows.</summary>
    public Task<string> Trace(string datapath, string packet) => Once("ovn-trace", $"--db=unix:{Socket("sb")}", datapath, packet);

    /// <summary>Rows of a northbound table.</summary>
    public async Task<JsonArray> Rows(string table, params string[] columns)
    {
        await using var db = new Ovsdb(Endpoint, "OVN_Northbound");
        return (await db.Transact([OvsdbOperation.Select(table, OvsdbOperation.All(), columns)], CancellationToken.None))[0]!["rows"]!.AsArray();
    }

    /// <summary>Waits until the translator has made logical flows with each of these texts.</summary>
    public async Task Flows(params string[] texts)
    {
        var flows = "";
        for (var i = 0; i < 100; i++)
        {
            flows = await Southbound("lflow-list");
            if (texts.All(flows.Contains)) return;
            await Task.Delay(50);
        }
        Assert.Fail("no logical flow has: " + string.Join(" | ", texts.Where(t => !flows.Contains(t))));
    }

    private string Socket(string name) => Path.Combine(_directory, name + ".sock");

    private void Start(string name, string program, params string[] arguments) => _running[name] = Launch(program, arguments);

    private static async Task<string> Once(string program, params string[] arguments)
    {
        using var process = Launch(program, arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await process.StandardError.ReadToEndAsync()}");
    }

    private static Process Launch(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
#pragma warning disable RS0030 // the test is the parent of the engine
        return Process.Start(start)!;
#pragma warning restore RS0030
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Values.Reverse())
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_directory, recursive: true);
    }
}
