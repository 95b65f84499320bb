using Xiangyun.Engines.Bmc;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Bmc;

/// <summary>What everything promises that switches a machine, asked in the same words of Redfish, IPMI, wake-on-LAN and the simulated host.</summary>
public abstract class BmcContract
{
    protected static readonly CancellationToken Never = CancellationToken.None;

    protected abstract IBmc Bmc { get; }

    /// <summary>The machine itself, seen without its controller.</summary>
    protected abstract bool On { get; }

    /// <summary>Makes its controller answer nobody.</summary>
    protected abstract Task Silence();

    protected Task Seen(bool on) => Agents.Wait.Until(async () => (await Bmc.Look(Never)).On == on, $"it is {(on ? "on" : "off")}");

    [Fact]
    public async Task a_machine_is_switched_on_and_off_and_every_wish_may_be_repeated()
    {
        for (var round = 0; round < 2; round++)
        {
            await Bmc.Ensure(PowerWish.On, Never);
            await Seen(true);
            await Bmc.Ensure(PowerWish.On, Never);
            await Seen(true);
            Assert.True(On);
            await Bmc.Ensure(PowerWish.Off, Never);
            await Seen(false);
            await Bmc.Ensure(PowerWish.Off, Never);
            await Bmc.Ensure(PowerWish.OffByForce, Never);
            await Seen(false);
            Assert.False(On);
        }
    }

    [Fact]
    public async Task a_machine_that_is_on_can_be_forced_off()
    {
        await Bmc.Ensure(PowerWish.On, Never);
        await Seen(true);
        await Bmc.Ensure(PowerWish.OffByForce, Never);
        await Seen(false);
        Assert.False(On);
    }

    [Fact]
    public virtual async Task a_controller_that_does_not_answer_is_a_fault_worth_another_try()
    {
        await Silence();
        Assert.True((await Assert.ThrowsAsync<EngineFault>(() => Bmc.Look(Never))).Transient);
        Assert.True((await Assert.ThrowsAsync<EngineFault>(() => Bmc.Ensure(PowerWish.On, Never))).Transient);
        Assert.False(On);
    }
}
