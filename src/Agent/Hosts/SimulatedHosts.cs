using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Ledger;
using Xiangyun.Agent.Watching;
using Xiangyun.Engines.Chaos;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.QemuImg;
using Xiangyun.Engines.Simulated;

namespace Xiangyun.Agent.Hosts;

/// <summary>Builds simulated hosts sim-001, sim-002 ... of one process.</summary>
internal static class SimulatedHosts
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<AgentHost> Build(AgentOptions options, TimeProvider clock, ILogger log)
    {
        var volumes = new ConcurrentDictionary<string, SimulatedVolume>();
        var reachable = new ConcurrentDictionary<string, SimulatedGuests>();
        var load = options.Load.Length == 0 ? SimulatedLoad.MadeUp : new RecordedDays(options.Load);
        return [.. options.Hosts.Select((size, n) => Build($"sim-{n + 1:000}", size, load, options, volumes, reachable, clock, log))];
    }

    private static AgentHost Build(string name, HostSize size, SimulatedLoad load, AgentOptions options, ConcurrentDictionary<string, SimulatedVolume> volumes, ConcurrentDictionary<string, SimulatedGuests> reachable, TimeProvider clock, ILogger log)
    {
        var directory = Path.Combine(options.State, name);
        var guests = new SimulatedGuests(clock, load, size.Vcpus, size.MemoryMib, reachable);
        reachable[name] = guests;
        IDiskEngine disks = options.RealDisks ? new QemuImgDisks(directory) : new SimulatedDisks(options.EveryImage, Path.Combine(directory, "scratch"), volumes);
        var metadata = new SimulatedMetadata();
        var strike = Strike.Parse(options.Chaos);
        var mains = new Mains(directory, options.Boot, clock) { Lost = guests.LosePower };
        var at = new Workplace
        {
            Host = name,
            Address = options.Address.Length > 0 ? name : "",
            Load = load,
            Ledger = new PlanLedger(directory, slim: true),
            Marks = new Marks(directory),
            Guests = strike is null ? guests : new ChaosGuests(guests, strike),
            Disks = strike is null ? disks : new ChaosDisks(disks, strike),
            Metadata = strike is null ? metadata : new ChaosMetadata(metadata, strike),
            Chassis = _ => Task.FromResult(name),
            Clock = clock,
            Mains = mains,
            Log = log,
            Sampler = new Sampler(guests, clock, options.Sample),
        };
        return new AgentHost(at, options.Grace, Period, parallel: 64) { Id = Kernel.Id.From("simulated host " + name) };
    }
}
