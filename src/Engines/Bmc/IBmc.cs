namespace Xiangyun.Engines.Bmc;

/// <summary>How a host is to be: off comes in two ways, because a clean shutdown may take its time or never come.</summary>
public enum PowerWish { On, Off, OffByForce }

/// <summary>What a machine's management controller shows.</summary>
/// <param name="On">null = it does not know, or the machine is between the two.</param>
/// <param name="Watts">What the machine draws now, as its controller measures it; null = it does not measure.</param>
/// <param name="Model">Of the machine, as its controller names it; empty = it does not say.</param>
public sealed record BmcSeen(bool? On, double? Watts, string Model);

/// <summary>
/// Switches one machine on and off and looks at it, whatever its controller speaks: Redfish, IPMI, wake-on-LAN, or the simulation. Every verb
/// may be called again at any time and then changes nothing more; none waits for the machine: the caller is level-triggered and looks again.
/// Faults are <see cref="Kernel.EngineFault"/>; transient ones are worth another try.
/// </summary>
public interface IBmc : IDisposable
{
    Task<BmcSeen> Look(CancellationToken ct);

    /// <summary>Asks for the power that is wanted, unless the machine has it already.</summary>
    Task Ensure(PowerWish wish, CancellationToken ct);
}
