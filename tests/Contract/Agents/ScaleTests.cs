using Grpc.Core;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>Simulated hosts are only useful while they are nearly free.</summary>
public sealed class ScaleTests
{
    private const int Hosts = 500;
    private const int ServersPerHost = 10;

    [Fact]
    public async Task five_hundred_hosts_with_five_thousand_servers_stay_small_and_idle()
    {
        await using var agent = await AgentProcess.Start(null, $"--simulate {Hosts}");
        using var stop = new CancellationTokenSource();
        var running = new int[Hosts];
        var watches = Enumerable.Range(0, Hosts).Select(n => Watch(agent, n, running, stop.Token)).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, Hosts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, ct) =>
        {
            var name = Name(n);
            var servers = Enumerable.Range(0, ServersPerHost).Select(_ => (object)Server()).ToArray();
            Assert.True((await agent.Of(name).ApplyAsync(Plans.Of(Id.From("simulated host " + name), 1, servers), cancellationToken: ct)).Accepted);
        });
        await Wait.Until(() => Task.FromResult(running.Sum() == Hosts * ServersPerHost), "all servers run", 60);
        var before = agent.Worked();
        await Task.Delay(5000);
        var share = (agent.Worked() - before).TotalSeconds / 5;
        var memory = agent.Memory();
        TestContext.Current.SendDiagnosticMessage($"{Hosts} hosts, {Hosts * ServersPerHost} servers: {memory} MB, {share:P1} of one processor");
        Assert.True(memory <= 300, $"{memory} MB");
        Assert.True(share <= 0.25, $"{share:P1} of one processor while idle");
        await stop.CancelAsync();
        await Task.WhenAll(watches);
    }

    private static ServerPlan Server()
    {
        var server = Plans.Server();
        server.ConfigDrive = Google.Protobuf.ByteString.CopyFrom(new byte[60_000]);
        server.Metadata["openstack/latest/meta_data.json"] = Google.Protobuf.ByteString.CopyFrom(new byte[2000]);
        return server;
    }

    private static async Task Watch(AgentProcess agent, int n, int[] running, CancellationToken ct)
    {
        var world = new Dictionary<string, Power>();
        try
        {
            using var watch = agent.Of(Name(n)).Watch(new WatchRequest(), cancellationToken: ct);
            await foreach (var seen in watch.ResponseStream.ReadAllAsync(ct))
            {
                foreach (var server in seen.Servers) world[server.Id] = server.Power;
                running[n] = world.Values.Count(p => p == Power.Running);
            }
        }
        catch (Exception e) when (ct.IsCancellationRequested && e is RpcException or OperationCanceledException) { }
    }

    private static string Name(int n) => $"sim-{n + 1:000}";
}
