using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Xiangyun.Lab;

/// <summary>A whole cloud of its own, made by `./xiangyun up` in a directory of its own and removed at the end; what it logged is kept.</summary>
public class Cloud : IAsyncLifetime
{
    /// <summary>What the directory of its logs is called.</summary>
    protected virtual string Name => "lab";
    /// <summary>What `up` is told beside the address.</summary>
    protected virtual string Options => "";

    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/root" };

    public string Top { get; } = FindTop();
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("xy-lab-").FullName;
    /// <summary>What `up --json` printed.</summary>
    public JsonElement Answer { get; private set; }
    private string State => Path.Combine(Directory, "xy");

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root")
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("the lab needs root (in CI nothing may be skipped)");
            Assert.Skip("the lab needs root: it makes namespaces and starts engines");
        }
        _environment["XY_STATE"] = State;
        await Up($"--listen 127.0.0.1:{FreePort()} {Options}");
        _environment["OS_CLIENT_CONFIG_FILE"] = Answer.GetProperty("clouds_yaml").GetString()!;
        _environment["OS_CLOUD"] = "xiangyun";
        _environment["D"] = Directory;
        await Sh("ssh-keygen -q -t ed25519 -N '' -f $D/key");
    }

    public async Task Up(string options = "")
    {
        var printed = await Shell.Run($"{Top}/xiangyun up --json {options}", _environment, 900);
        Answer = JsonDocument.Parse(printed[printed.IndexOf('{')..]).RootElement.Clone();
    }

    public Task<string> Sh(string script, int seconds = 120) => Shell.Run(script, _environment, seconds);
    public Task<(int Code, string Output, string Errors)> Try(string script, int seconds = 120) => Shell.Try(script, _environment, seconds);

    /// <summary>A command inside the engine host, where floating IPs answer whatever the machine's own network looks like.</summary>
    public Task<string> Inside(string command, int seconds = 120) => Sh($"{Top}/xiangyun exec {command}", seconds);

    public Task<string> Ssh(string address, string command, int seconds = 60) =>
        Inside($"ssh -q -i {Directory}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=5 root@{address} {Quote(command)}", seconds);

    /// <summary>Again and again until it succeeds; then what it printed. The last failure is the test's failure.</summary>
    public async Task<string> Until(string script, int seconds)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var (code, output, errors) = await Try(script, 30);
            if (code == 0) return output.Trim();
            Assert.True(since.Elapsed.TotalSeconds < seconds, $"still failing with {code} after {seconds} s: {script}\n{output}\n{errors}");
            await Task.Delay(500);
        }
    }

    public static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (!System.IO.Directory.Exists(State)) return;
        var logs = Path.Combine(Top, "artifacts", "test", $"{Name}-logs");
        await Try($"mkdir -p {logs}; cp -r {State}/log {State}/host/var/log {State}/*.db {logs}/ || true; for h in {State}/hosts/*; do cp -r $h/var/log {logs}/log-${{h##*/}} || true; done; {Top}/xiangyun down --purge", 120);
        await Console.Error.WriteLineAsync($"logs and database of the cloud: {logs}");
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static string FindTop()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "xiangyun"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("./xiangyun was not found above the test");
        return at;
    }
}
