using Xiangyun.Engines.Bmc;
using Xiangyun.Kernel;
using Xiangyun.Testing.Bmc;

namespace Xiangyun.Contract.Bmc;

/// <summary>What real controllers add to the contract: they measure, name the machine, know users, and let a clean shutdown fail.</summary>
public abstract class ControllerContract : BmcContract
{
    protected abstract SimulatedMachine Machine { get; }
    protected abstract IBmc With(string user, string password);

    protected override bool On => Machine.On;

    [Fact]
    public async Task it_tells_the_model_and_what_the_machine_draws()
    {
        Assert.Equal(new BmcSeen(false, 7, $"{SimulatedMachine.Maker} {SimulatedMachine.Model}"), await Bmc.Look(Never));
        await Bmc.Ensure(PowerWish.On, Never);
        Assert.Equal(182, (await Bmc.Look(Never)).Watts);
    }

    [Fact]
    public async Task what_is_so_already_is_not_asked_of_the_machine_again()
    {
        await Bmc.Ensure(PowerWish.Off, Never);
        await Bmc.Ensure(PowerWish.On, Never);
        await Bmc.Ensure(PowerWish.On, Never);
        Assert.Equal(["on"], Machine.Asked);
    }

    [Fact]
    public async Task a_machine_that_hangs_is_asked_politely_and_goes_only_by_force()
    {
        await Bmc.Ensure(PowerWish.On, Never);
        Machine.Hangs = true;
        await Bmc.Ensure(PowerWish.Off, Never);
        Assert.True((await Bmc.Look(Never)).On);
        await Bmc.Ensure(PowerWish.OffByForce, Never);
        Assert.False((await Bmc.Look(Never)).On);
        Assert.Equal(["on", "shutdown", "force"], Machine.Asked);
    }

    [Theory]
    [InlineData("nobody", null)]
    [InlineData(null, "wrong-password")]
    public async Task a_wrong_user_or_password_is_a_fault_that_no_other_try_mends(string? user, string? password)
    {
        using var bmc = With(user ?? "operator", password ?? "");
        var fault = await Assert.ThrowsAsync<EngineFault>(() => bmc.Look(Never));
        Assert.False(fault.Transient, fault.Message);
        Assert.Contains("refuses the user", fault.Message);
        Assert.DoesNotContain("wrong-password", fault.ToString());
    }
}

public sealed class RedfishTests : ControllerContract, IAsyncLifetime
{
    private RedfishSimulator _service = null!;

    protected override IBmc Bmc => field ??= With(RedfishSimulator.User, RedfishSimulator.Password);
    protected override SimulatedMachine Machine => _service.Machine;

    protected override IBmc With(string user, string password) => new RedfishBmc(new RedfishOptions(_service.Address, user, password, _service.Fingerprint));

    protected override Task Silence() => _service.DisposeAsync().AsTask();

    public async ValueTask InitializeAsync() => _service = await RedfishSimulator.Start();

    public async ValueTask DisposeAsync()
    {
        Bmc.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task it_closes_its_session()
    {
        using (var one = With(RedfishSimulator.User, RedfishSimulator.Password))
        {
            await one.Look(Never);
            Assert.Equal(1, _service.Open);
        }
        Assert.Equal(0, _service.Open);
    }

    [Fact]
    public async Task a_service_without_sessions_gets_the_password_with_each_request()
    {
        _service.NoSessions = true;
        await Bmc.Ensure(PowerWish.On, Never);
        Assert.Equal((true, 0), (Machine.On, _service.Open));
    }

    [Fact]
    public async Task a_certificate_that_is_not_the_one_expected_is_refused_and_its_fingerprint_told()
    {
        foreach (var expected in new[] { new string('0', 64), null }) // another one, and none: this machine's authorities do not know it
        {
            using var bmc = new RedfishBmc(new RedfishOptions(_service.Address, RedfishSimulator.User, RedfishSimulator.Password, expected));
            var fault = await Assert.ThrowsAsync<EngineFault>(() => bmc.Look(Never));
            Assert.False(fault.Transient);
            Assert.Contains(_service.Fingerprint, fault.Message);
        }
        Assert.Equal(0, _service.Open);
    }

    [Fact]
    public async Task a_service_that_starts_is_worth_another_try()
    {
        _service.Fail(1);
        var fault = await Assert.ThrowsAsync<EngineFault>(() => Bmc.Look(Never));
        Assert.True(fault.Transient);
        Assert.Contains("the service is starting", fault.Message);
        Assert.False((await Bmc.Look(Never)).On);
    }

    [Fact]
    public async Task a_system_that_is_not_there_is_told()
    {
        using var bmc = new RedfishBmc(new RedfishOptions(_service.Address, RedfishSimulator.User, RedfishSimulator.Password, _service.Fingerprint, System: "blade-9"));
        Assert.Contains("/redfish/v1/Systems/blade-9 answered 404", (await Assert.ThrowsAsync<EngineFault>(() => bmc.Look(Never))).Message);
    }
}

public abstract class IpmiContract(int? suite) : ControllerContract, IAsyncDisposable
{
    private readonly IpmiSimulator _controller = new();

    protected override IBmc Bmc => field ??= With(IpmiSimulator.User, IpmiSimulator.Password);
    protected override SimulatedMachine Machine => _controller.Machine;

    protected override IBmc With(string user, string password)
    {
        Testing.Needs.That("ipmitool");
        return new IpmiBmc(new IpmiOptions("127.0.0.1", user, password, _controller.Port, suite));
    }

    protected override Task Silence()
    {
        _controller.Silent = true;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class IpmiTests() : IpmiContract(null);
public sealed class IpmiSha1Tests() : IpmiContract(3);
