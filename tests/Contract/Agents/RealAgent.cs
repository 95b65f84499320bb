using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Xiangyun.Contract.Hosts;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>The agent's executable inside an engine host, as the launcher runs it; can be killed and started again.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    private readonly EngineHost _host;
    private readonly string _options;
    private Process? _nsenter;
    private Dial? _dial;

    private RealAgent(EngineHost host, string state, string options)
    {
        _host = host;
        _options = options;
        State = state;
    }

    public string State { get; }
    public HostAgent.HostAgentClient Client => _dial!.Host();
    public string HostId { get; private set; } = "";

    public static async Task<RealAgent> Start(EngineHost host, string options = "")
    {
        var agent = new RealAgent(host, Directory.CreateDirectory(Path.Combine(host.Directory, Id.New()[24..])).FullName, options);
        TestPki.Make(Path.Combine(agent.State, "tls"));
        await agent.StartAgain(options);
        return agent;
    }

    public async Task StartAgain(string? options = null)
    {
        string[] more = [.. (options ?? _options).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _nsenter = _host.StartInside([Path.Combine(AppContext.BaseDirectory, "Xiangyun.Agent"), "run", "--state", State, "--listen", $"unix:{State}/a.sock",
            "--tls", $"{State}/tls", "--name", "real", "--offload", File.Exists("/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk") ? "on" : "off", .. more]);
        _nsenter.BeginOutputReadLine();
        _dial?.Dispose();
        _dial = new Dial($"{State}/a.sock", $"{State}/tls");
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            if (_nsenter.HasExited) return; // a strike may kill it early; the test looks
            try
            {
                HostId = (await Client.DescribeAsync(new DescribeRequest())).HostId;
                return;
            }
            catch (RpcException e) when (since.Elapsed.TotalSeconds < 30)
            {
                TestContext.Current.SendDiagnosticMessage(e.Status.Detail);
            }
        }
    }

    public bool HasExited => _nsenter!.HasExited;

    /// <summary>kill -9; what it started goes on.</summary>
    public async Task Kill()
    {
        var child = (await File.ReadAllTextAsync($"/proc/{_nsenter!.Id}/task/{_nsenter.Id}/children")).Trim();
        if (child.Length > 0)
        {
            using var agent = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
            agent.Kill();
        }
        await _nsenter.WaitForExitAsync();
    }

    /// <summary>Megabytes resident.</summary>
    public long Memory()
    {
        var child = File.ReadAllText($"/proc/{_nsenter!.Id}/task/{_nsenter.Id}/children").Trim();
        return long.Parse(File.ReadLines($"/proc/{child}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited) await Kill();
        _dial?.Dispose();
    }
}
