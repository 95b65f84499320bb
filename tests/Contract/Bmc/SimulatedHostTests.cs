using Grpc.Core;
using Xiangyun.Contract.Agents;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Bmc;
using Xiangyun.Engines.Guests;
using Xiangyun.Fleet;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Power;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Bmc;

/// <summary>The power of a simulated host, asked of a whole agent over its socket: off takes it away, on brings it back.</summary>
public sealed class SimulatedHostTests : BmcContract, IAsyncLifetime
{
    private SimulatedAgent _agent = null!;
    private AgentHost _host = null!;
    private bool _gone;
    private global::Xiangyun.Fleet.Links.Agents _links = null!;

    protected override IBmc Bmc => new SimulatedPower(_links, new HostRow { Id = "1", Name = "sim-001", Endpoint = $"unix:{_agent.Directory}/a.sock" }, TimeProvider.System);
    protected override bool On => _host.At.Mains!.On;

    protected override async Task Silence()
    {
        await Bmc.Ensure(PowerWish.Off, Never);
        await _agent.DisposeAsync();
        _gone = true;
    }

    public async ValueTask InitializeAsync()
    {
        _agent = await SimulatedAgent.Start(hosts: 2, boot: TimeSpan.FromMilliseconds(300));
        _host = _agent["sim-001"];
        _links = new(new FleetOptions([], Path.Combine(_agent.Directory, "tls")));
    }

    public async ValueTask DisposeAsync()
    {
        _links.Dispose();
        if (!_gone) await _agent.DisposeAsync();
    }

    [Fact]
    public async Task a_host_that_is_off_answers_nobody_and_its_neighbour_does()
    {
        using var watch = _agent.Dial.Host("sim-001").Watch(new WatchRequest());
        Assert.True(await watch.ResponseStream.MoveNext(Never));
        await Bmc.Ensure(PowerWish.Off, Never);
        while (await watch.ResponseStream.MoveNext(Never)) { } // what was under way; then the stream ends
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(async () => await _agent.Dial.Host("sim-001").DescribeAsync(new DescribeRequest()))).StatusCode);
        Assert.Equal("sim-002", (await _agent.Dial.Host("sim-002").DescribeAsync(new DescribeRequest())).Hostname);
        await Bmc.Ensure(PowerWish.On, Never);
        Assert.Contains("booting", (await Assert.ThrowsAsync<RpcException>(async () => await _agent.Dial.Host("sim-001").DescribeAsync(new DescribeRequest()))).Status.Detail);
        await Agents.Wait.Until(() => Task.FromResult(!_host.At.Dead), "it has booted");
        Assert.Equal("sim-001", (await _agent.Dial.Host("sim-001").DescribeAsync(new DescribeRequest())).Hostname);
    }

    [Fact]
    public async Task its_guests_die_with_the_power_and_come_back_with_it_from_the_ledger()
    {
        var server = Plans.Server();
        await _agent.Dial.Host("sim-001").ApplyAsync(Plans.Of(_host.Id, 1, server));
        await Agents.Wait.Until(() => Task.FromResult(_host.At.Board.Server(server.Id)?.Power == Power.Running), "it runs");
        await Bmc.Ensure(PowerWish.OffByForce, Never);
        Assert.Equal(GuestPower.Stopped, (await _host.At.Guests.Look(server.Id, Never))!.Power);
        await Bmc.Ensure(PowerWish.On, Never);
        await Agents.Wait.Until(async () => (await _host.At.Guests.Look(server.Id, Never))!.Power == GuestPower.Running, "it runs again");
    }
}
