using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>What agent.proto promises of a guest that moves while it runs: it is never in two places, and never started where it left.</summary>
public sealed class MovingGuestTests
{
    private static readonly string First = Id.From("simulated host sim-001"), Second = Id.From("simulated host sim-002");

    [Theory]
    [InlineData(Power.Running)]
    [InlineData(Power.Paused)]
    public async Task a_guest_moves_to_the_host_that_awaits_it_as_it_is_and_is_not_booted_again(Power power)
    {
        await using var agent = await SimulatedAgent.Start(2, carry: true);
        var server = await Lives(agent, power);
        await Send(agent, server, "");
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Generation == 2 && s.Power == power && s.DiskBytes == 1L << 30));
        await Await(agent, server);
        await Send(agent, server, "sim-002", plan: 4);
        await Wait.Until(agent.Dial.Host("sim-002"), w => w.Servers.Any(s => s.Power == power && s.Progress == ""));
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Power == Power.Unspecified));
        Assert.Equal(1, (await agent.Dial.Host("sim-002").ConsoleLogAsync(new ConsoleLogRequest { ServerId = server.Id })).Text.Split("XY ready").Length - 1);
        await Task.Delay(1000); // several turns
        Assert.Null(await agent["sim-001"].At.Guests.Look(server.Id, default));
    }

    [Fact]
    public async Task a_guest_that_cannot_leave_runs_on_and_is_not_tried_again_under_the_same_plan()
    {
        await using var agent = await SimulatedAgent.Start(2, carry: true);
        var server = await Lives(agent, Power.Running);
        await Send(agent, server, "nowhere");
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Power == Power.Running && s.Fault is { Transient: false, Verb: "move" } f && f.Message.Contains("nobody answers at nowhere", StringComparison.Ordinal)));
        await Send(agent, server, "sim-002", plan: 4); // the same generation: who asked has been told already
        await Task.Delay(1500);
        Assert.NotNull(await agent["sim-001"].At.Guests.Look(server.Id, default));
        server.Generation = 3;
        await Send(agent, server, "sim-002", plan: 5);
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Generation == 4 && s.Power == Power.Unspecified && s.Fault is null));
    }

    [Fact]
    public async Task an_agent_that_was_restarted_does_not_start_what_left()
    {
        var directory = Directory.CreateTempSubdirectory("xy-").FullName;
        var server = Plans.Server();
        server.Leaves = new Leaving { Address = "sim-002" };
        await using (var agent = await SimulatedAgent.Start(2, directory: directory, carry: true))
        {
            await agent.Dial.Host("sim-001").ApplyAsync(Plans.Of(First, 1, server));
            await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Id == server.Id && s.Power == Power.Unspecified));
        }
        await using (var agent = await SimulatedAgent.Start(2, directory: directory, carry: true))
        {
            await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Id == server.Id && s.Power == Power.Unspecified && s.Progress == "move"));
            Assert.Empty(await agent["sim-001"].At.Guests.List(default));
        }
        Directory.Delete(directory, true);
    }

    private static async Task<ServerPlan> Lives(SimulatedAgent agent, Power power)
    {
        var server = Plans.Server();
        await agent.Dial.Host("sim-001").ApplyAsync(Plans.Of(First, 1, server));
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Power == Power.Running));
        server.Power = power;
        await agent.Dial.Host("sim-001").ApplyAsync(Plans.Of(First, 2, server));
        await Wait.Until(agent.Dial.Host("sim-001"), w => w.Servers.Any(s => s.Power == power));
        return server;
    }

    private static async Task Send(SimulatedAgent agent, ServerPlan server, string address, long plan = 3)
    {
        var leaves = server.Clone();
        leaves.Generation = server.Generation + 1;
        leaves.Leaves = new Leaving { Address = address };
        await agent.Dial.Host("sim-001").ApplyAsync(Plans.Of(First, plan, leaves));
    }

    private static async Task Await(SimulatedAgent agent, ServerPlan server)
    {
        var arrives = server.Clone();
        arrives.Generation = 2;
        arrives.Arrives = new Arriving { DiskBytes = 1L << 30 };
        await agent.Dial.Host("sim-002").ApplyAsync(Plans.Of(Second, 1, arrives));
        await Wait.Until(agent.Dial.Host("sim-002"), w => w.Servers.Any(s => s.Awaits && s.Power == Power.Unspecified));
    }
}
