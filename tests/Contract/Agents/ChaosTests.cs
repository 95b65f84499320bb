using Microsoft.Extensions.Logging.Abstractions;
using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Chaos;
using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>
/// One engine call fails, the first, the second ... until a whole life runs through unharmed: each time the world must
/// end as the plan wants it.
/// </summary>
public sealed class ChaosTests
{
    private const int AtOnce = 12;
    private const string HostId = "018f0000-0000-7000-8000-000000000001";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task whichever_engine_call_fails_the_world_ends_as_planned(bool after)
    {
        var struck = 0;
        for (var first = 1; ; first += AtOnce)
        {
            var lives = await Task.WhenAll(Enumerable.Range(first, AtOnce).Select(n => Life(new Strike(StrikeKind.Throw, after, n))));
            struck += lives.Count(l => l);
            if (!lives[^1]) break;
        }
        Assert.True(struck > 20, $"only {struck} calls were struck");
    }

    /// <returns>Did it strike?</returns>
    private static async Task<bool> Life(Strike strike)
    {
        var directory = Directory.CreateTempSubdirectory("xy-").FullName;
        var (guests, disks, metadata) = (new SimulatedGuests(TimeProvider.System), new SimulatedDisks(true, directory), new SimulatedMetadata());
        var at = new Workplace
        {
            Host = "chaos",
            Load = SimulatedLoad.MadeUp,
            Ledger = new PlanLedger(directory, slim: true),
            Marks = new Marks(directory),
            Guests = new ChaosGuests(guests, strike),
            Disks = new ChaosDisks(disks, strike),
            Metadata = new ChaosMetadata(metadata, strike),
            Chassis = _ => Task.FromResult("chaos"),
            Clock = TimeProvider.System,
            Log = NullLogger.Instance,
            Sampler = new Xiangyun.Agent.Watching.Sampler(guests, TimeProvider.System, TimeSpan.FromSeconds(30)),
        };
        await using (var host = new AgentHost(at, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), 8) { Id = HostId })
        {
            host.Start();
            var (server, volume, network) = (Plans.Server(), Plans.Volume(), new NetworkPlan { Id = Id.New(), MetadataPortId = Id.New() });
            server.Disks.Add(new DiskPlan { VolumeId = volume.Id, Device = "vdb", BootIndex = -1 });
            await host.Apply(Plans.Of(HostId, 1, server, volume, network), default);
            await Ends(at, strike, "made", () => at.Board.Server(server.Id) is { Power: Power.Running, Fault: null, VolumeIds.Count: 1 } && at.Board.Volume(volume.Id) is { Present: true, Fault: null });
            (server.RebootCount, server.Generation) = (1, 2);
            server.Disks.Clear();
            await host.Apply(Plans.Of(HostId, 2, server, volume, network), default);
            await Ends(at, strike, "rebooted", () => at.Board.Server(server.Id) is { Power: Power.Running, RebootCount: 1, Fault: null, VolumeIds.Count: 0 });
            Assert.Equal(2, (await guests.ConsoleLog(server.Id, 0, default)).Split("XY ready").Length - 1);
            (server.Power, server.Generation, volume.Gone) = (Power.Gone, 3, true);
            await host.Apply(Plans.Of(HostId, 3, server, volume), default);
            await Ends(at, strike, "gone", () => at.Board.Server(server.Id) is { Power: Power.Gone, Fault: null } && at.Board.Volume(volume.Id) is { Gone: true, Fault: null });
            await Wait.Until(async () => (await metadata.List(default)).Count == 0, $"the network is gone, strike at {strike.Calls}");
            Assert.Empty(await guests.List(default));
            Assert.Empty(await disks.Roots(default));
            Assert.Empty(await disks.Volumes(default));
        }
        Directory.Delete(directory, true);
        return strike.Happened;
    }

    private static Task Ends(Workplace at, Strike strike, string what, Func<bool> world) =>
        Wait.Until(() => Task.FromResult(world()), $"{what}, after {strike.Calls} calls; struck: {strike.Happened}; {at.Board.Compose(true, [])}");
}
