using Xiangyun.Engines.Bmc;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Links;

namespace Xiangyun.Fleet.Power;

/// <summary>Finds what switches a host.</summary>
internal sealed class Controllers(Agents agents, TimeProvider clock)
{
    /// <returns>null: nothing is known that does.</returns>
    public IBmc? Of(HostRow host) => host.Simulated ? new SimulatedPower(agents, host, clock) : null;
}
