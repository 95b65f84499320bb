using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Xiangyun.Contract.Hosts;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>
/// The agent's executable, inside an engine host as the launcher runs it or (simulated) on its own; can be killed and
/// started again.
/// </summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly EngineHost? _host;
    private readonly string _options;
    private Process? _process;
    private Dial? _dial;

    private AgentProcess(EngineHost? host, string state, string options)
    {
        _host = host;
        _options = options;
        State = state;
    }

    public string State { get; }
    public HostAgent.HostAgentClient Client => _dial!.Host();
    public HostAgent.HostAgentClient Of(string name) => _dial!.Host(name);
    public string HostId { get; private set; } = "";

    /// <param name="host">null = on its own; the options must then ask for simulated hosts.</param>
    public static async Task<AgentProcess> Start(EngineHost? host, string options = "")
    {
        var state = host is null ? Directory.CreateTempSubdirectory("xya-") : Directory.CreateDirectory(Path.Combine(host.Directory, Id.New()[24..]));
        var agent = new AgentProcess(host, state.FullName, options);
        TestPki.Make(Path.Combine(agent.State, "tls"));
        await agent.StartAgain(options);
        return agent;
    }

    public async Task StartAgain(string? options = null)
    {
        string[] more = [.. (options ?? _options).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] command = [Path.Combine(AppContext.BaseDirectory, "Xiangyun.Agent"), "run", "--state", State, "--listen", $"unix:{State}/a.sock",
            "--tls", $"{State}/tls", "--name", "real", "--offload", File.Exists("/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk") ? "on" : "off", .. more];
        _process = _host is null ? EngineHost.Start(command[0], command[1..]) : _host.StartInside(command);
        _process.BeginOutputReadLine();
        _dial?.Dispose();
        _dial = new Dial($"{State}/a.sock", $"{State}/tls");
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            if (_process.HasExited) return; // a strike may kill it early; the test looks
            try
            {
                HostId = (await (_options.Contains("--simulate") ? Of("sim-001") : Client).DescribeAsync(new DescribeRequest())).HostId;
                return;
            }
            catch (RpcException e) when (since.Elapsed.TotalSeconds < 30)
            {
                TestContext.Current.SendDiagnosticMessage(e.Status.Detail);
            }
        }
    }

    public bool HasExited => _process!.HasExited;

    /// <summary>kill -9; what it started goes on.</summary>
    public async Task Kill()
    {
        if (AgentId() is { } id)
        {
            using var agent = Process.GetProcessById(id);
            agent.Kill();
        }
        await _process!.WaitForExitAsync();
    }

    /// <summary>Megabytes resident.</summary>
    public long Memory() => long.Parse(File.ReadLines($"/proc/{AgentId()}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Worked()
    {
        using var agent = Process.GetProcessById(AgentId()!.Value);
        return agent.TotalProcessorTime;
    }

    /// <summary>nsenter forks: inside a host the agent is its child.</summary>
    private int? AgentId()
    {
        if (_host is null) return _process!.Id;
        var child = File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Trim();
        return child.Length > 0 ? int.Parse(child, CultureInfo.InvariantCulture) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited) await Kill();
        _dial?.Dispose();
        if (_host is null) Directory.Delete(State, recursive: true);
    }
}
