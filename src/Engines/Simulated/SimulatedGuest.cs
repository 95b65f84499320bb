using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Simulated;

/// <summary>The state of one simulated guest: small, because thousands live in one process.</summary>
internal sealed class SimulatedGuest
{
    private static readonly string Lines = string.Concat(new[] { "firmware", "boot loader", "kernel", "memory", "processors", "disks", "network", "root file system", "services", "login" }.Select(l => $"XY simulated: {l}\n"));
    private string[] _volumes = [];
    private string[] _ports = [];
    private StopCause _cause = StopCause.Asked;
    private ushort _boots;

    public GuestPower Power { get; private set; } = GuestPower.Stopped;

    public void Define(GuestSpec spec)
    {
        lock (this)
        {
            _volumes = [.. spec.Disks.Where(d => d.Role == DiskRole.Volume).Select(d => d.Id)];
            _ports = [.. spec.Nics.Select(n => n.PortId)];
        }
    }

    public void Turn(GuestPower power, StopCause cause)
    {
        lock (this)
        {
            if (power == GuestPower.Running && Power == GuestPower.Stopped) _boots++;
            Power = power;
            _cause = cause;
        }
    }

    public GuestSeen Seen(string id)
    {
        lock (this) return new GuestSeen(id, Power, Power == GuestPower.Stopped ? _cause : StopCause.None, _volumes, _ports);
    }

    public string Log(string id)
    {
        lock (this) return string.Concat(Enumerable.Range(1, _boots).Select(n => $"XY simulated boot {n} of xy-{id}\n{Lines}XY ready\n"));
    }
}
