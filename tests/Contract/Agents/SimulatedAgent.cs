using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Agent;
using Xiangyun.Agent.Hosts;

namespace Xiangyun.Contract.Agents;

/// <summary>A whole simulated agent inside the test's process, reached over its real socket.</summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private readonly string _directory;
    private readonly bool _keep;
    private WebApplication? _app;
    private Dial? _dial;

    private SimulatedAgent(string directory, bool keep)
    {
        _directory = directory;
        _keep = keep;
    }

    public string Directory => _directory;
    public Dial Dial => _dial!;
    public AgentHost this[string name] => _app!.Services.GetRequiredService<HostList>().All.Single(h => h.Name == name);

    public static async Task<SimulatedAgent> Start(int hosts = 1, bool everyImage = true, string? directory = null, string chaos = "", TimeSpan? boot = null, bool carry = false)
    {
        var agent = new SimulatedAgent(directory ?? System.IO.Directory.CreateTempSubdirectory("xy-").FullName, directory is not null);
        var tls = Path.Combine(agent._directory, "tls");
        if (!System.IO.Directory.Exists(tls)) TestPki.Make(tls);
        var socket = Path.Combine(agent._directory, "a.sock");
        agent._app = AgentApp.Build(new AgentOptions { State = agent._directory, Listen = "unix:" + socket, Tls = tls, Simulate = hosts, Hosts = HostSize.List("", hosts), EveryImage = everyImage, Grace = TimeSpan.FromSeconds(1), Chaos = chaos, Address = carry ? "any" : "", Boot = boot ?? TimeSpan.FromSeconds(120) });
        foreach (var host in agent._app.Services.GetRequiredService<HostList>().All) host.Start();
        await agent._app.StartAsync();
        agent._dial = new Dial(socket, tls);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        _dial!.Dispose();
        await _app!.DisposeAsync();
        if (!_keep) System.IO.Directory.Delete(_directory, recursive: true);
    }
}
