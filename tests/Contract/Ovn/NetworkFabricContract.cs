using Xiangyun.Kernel;
using Xiangyun.Network.Fabric;

namespace Xiangyun.Contract.Ovn;

/// <summary>What every fabric promises, simulated or real.</summary>
public abstract class NetworkFabricContract
{
    internal abstract INetworkFabric Fabric { get; }

    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly Plan _plan = new();

    private async Task EnsureAll(params FabricPlan[] plans)
    {
        foreach (var plan in plans) await Fabric.Ensure(plan, Never);
    }

    private Task Small() => EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(Plan.Tcp(22)), _plan.Guest);

    [Fact]
    public async Task what_was_ensured_is_there_and_listed()
    {
        await Small();
        await EnsureAll(_plan.Way(floating: false));
        var all = await Fabric.All(Never);
        foreach (var of in new FabricPlan[] { _plan.Switch, _plan.Guest, _plan.Rules(), _plan.Way(false), Plan.Drop }.Select(p => p.Of))
        {
            Assert.True(await Fabric.Look(of, Never), $"{of} is not there");
            Assert.Contains(of, all);
        }
    }

    [Fact]
    public async Task ensuring_twice_is_ensuring_once()
    {
        await Small();
        var before = (await Fabric.All(Never)).Count;
        await Small();
        Assert.Equal(before, (await Fabric.All(Never)).Count);
    }

    [Fact]
    public async Task what_was_removed_is_gone_and_may_be_removed_again()
    {
        await Small();
        foreach (var plan in new FabricPlan[] { _plan.Guest, _plan.Rules(), _plan.Switch })
        {
            await Fabric.EnsureGone(plan.Of, Never);
            Assert.False(await Fabric.Look(plan.Of, Never), $"{plan.Of} is still there");
            await Fabric.EnsureGone(plan.Of, Never);
        }
    }

    [Fact]
    public async Task a_port_without_its_network_is_a_transient_fault()
    {
        await EnsureAll(Plan.Drop, _plan.Rules());
        var fault = await Assert.ThrowsAsync<EngineFault>(() => Fabric.Ensure(_plan.Guest, Never));
        Assert.True(fault.Transient);
        Assert.False(await Fabric.Look(_plan.Guest.Of, Never));
    }

    [Fact]
    public async Task a_port_without_its_group_is_a_transient_fault_and_fits_once_the_group_is_there()
    {
        await EnsureAll(Plan.Drop, _plan.Switch);
        Assert.True((await Assert.ThrowsAsync<EngineFault>(() => Fabric.Ensure(_plan.Guest, Never))).Transient);
        await EnsureAll(_plan.Rules(), _plan.Guest);
        Assert.True(await Fabric.Look(_plan.Guest.Of, Never));
    }

    [Fact]
    public async Task a_limit_of_a_floating_address_needs_the_outer_network_and_fits_once_it_is_there()
    {
        var limited = _plan.Way(floating: true) with { Limits = [new LimitPlan(_plan.Floating, "203.0.113.21", _plan.Outer, _plan.Outside, [new QosPlan(Id.New(), true, 1000, null, null)])] };
        Assert.True((await Assert.ThrowsAsync<EngineFault>(() => Fabric.Ensure(limited, Never))).Transient);
        Assert.False(await Fabric.Look(limited.Of, Never));
        await EnsureAll(_plan.OutsideSwitch, limited, limited);
        Assert.True(await Fabric.Look(limited.Of, Never));
    }

    [Fact]
    public async Task a_port_goes_with_its_network()
    {
        await Small();
        await Fabric.EnsureGone(_plan.Switch.Of, Never);
        Assert.False(await Fabric.Look(_plan.Guest.Of, Never));
    }

    [Fact]
    public async Task the_watch_begins_with_the_whole_picture()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var batch in Fabric.Watch(limit.Token))
        {
            Assert.All(batch, port => Assert.NotEmpty(port.PortId));
            return;
        }
        Assert.Fail("nothing came");
    }
}

public sealed class SimulatedFabricTests : NetworkFabricContract
{
    internal override INetworkFabric Fabric { get; } = new SimulatedFabric();
}
