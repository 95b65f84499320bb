using Xiangyun.Engines.Process;
using Xiangyun.Testing.Bmc;

namespace Xiangyun.Contract.Bmc;

/// <summary>Debian's own clients drive the simulators first: a driver proven on a simulator that only it understands would prove nothing.</summary>
public sealed class OtherPeoplesTools
{
    private static async Task<string> Tool(string program, params string[] arguments)
    {
        Testing.Needs.That(program);
        return await Run.Output(program, "test", program, arguments, CancellationToken.None);
    }

    [Theory]
    [InlineData("Session")]
    [InlineData("Basic")]
    public async Task redfishtool_reads_and_switches_the_redfish_simulator(string auth)
    {
        await using var service = await RedfishSimulator.Start();
        Task<string> Redfish(params string[] rest) => Tool("redfishtool", ["-r", service.Address.Authority, "-u", RedfishSimulator.User, "-p", RedfishSimulator.Password, "-A", auth, "-S", "Always", .. rest]);
        Assert.Contains("/redfish/v1/", await Redfish("versions"));
        Assert.Contains("\"RedfishVersion\": \"1.11.0\"", await Redfish("root"));
        Assert.Contains("\"PowerState\": \"Off\"", await Redfish("Systems", "-F"));
        await Redfish("Systems", "-I", "1", "reset", "On");
        Assert.Contains("\"PowerState\": \"On\"", await Redfish("Systems", "-I", "1"));
        Assert.Contains("\"PowerConsumedWatts\": 182", await Redfish("Chassis", "-1", "Power"));
        await Redfish("Systems", "-I", "1", "reset", "GracefulShutdown");
        Assert.Equal(["on", "shutdown"], service.Machine.Asked);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("17")]
    [InlineData(null)]
    public async Task ipmitool_reads_and_switches_the_ipmi_simulator(string? suite)
    {
        await using var controller = new IpmiSimulator();
        Task<string> Ipmi(params string[] rest) => Tool("ipmitool", ["-I", "lanplus", "-H", "127.0.0.1", "-p", $"{controller.Port}", "-U", IpmiSimulator.User, "-P", IpmiSimulator.Password, .. suite is null ? Array.Empty<string>() : ["-C", suite], .. rest]);
        Assert.Contains("IPMI Version              : 2.0", await Ipmi("mc", "info"));
        Assert.Contains("Chassis Power is off", await Ipmi("chassis", "power", "status"));
        await Ipmi("chassis", "power", "on");
        Assert.Contains("System Power         : on", await Ipmi("chassis", "status"));
        Assert.Contains("182 Watts", await Ipmi("dcmi", "power", "reading"));
        Assert.Contains(SimulatedMachine.Model, await Ipmi("fru", "print", "0"));
        await Ipmi("chassis", "power", "soft");
        await Ipmi("chassis", "power", "off");
        Assert.Equal(["on", "shutdown", "force"], controller.Machine.Asked);
    }
}
