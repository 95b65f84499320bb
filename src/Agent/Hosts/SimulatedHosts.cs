using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;

namespace Xiangyun.Agent.Hosts;

/// <summary>Builds simulated hosts sim-001, sim-002 ... of one process.</summary>
internal static class SimulatedHosts
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<AgentHost> Build(AgentOptions options, TimeProvider clock, ILogger log) =>
        [.. Enumerable.Range(1, options.Simulate).Select(n => Build($"sim-{n:000}", options, clock, log))];

    private static AgentHost Build(string name, AgentOptions options, TimeProvider clock, ILogger log)
    {
        var directory = Path.Combine(options.State, name);
        var at = new Workplace
        {
            Host = name,
            Simulated = true,
            Ledger = new PlanLedger(directory, slim: true),
            Marks = new Marks(directory),
            Guests = new SimulatedGuests(clock),
            Disks = new SimulatedDisks(options.EveryImage, Path.Combine(directory, "scratch")),
            Metadata = new SimulatedMetadata(),
            Chassis = _ => Task.FromResult(name),
            Clock = clock,
            Log = log,
        };
        return new AgentHost(at, options.Grace, Period, parallel: 64) { Id = Kernel.Id.From("simulated host " + name) };
    }
}
