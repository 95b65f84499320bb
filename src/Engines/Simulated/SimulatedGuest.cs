using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Simulated;

/// <summary>The state of one simulated guest: small, because thousands live in one process.</summary>
internal sealed class SimulatedGuest(SimulatedLoad load)
{
    private static readonly string Lines = string.Concat(new[] { "firmware", "boot loader", "kernel", "memory", "processors", "disks", "network", "root file system", "services", "login" }.Select(l => $"XY simulated: {l}\n"));
    private string[] _volumes = [];
    private string[] _ports = [];
    private StopCause _cause = StopCause.Asked;
    private ushort _boots;
    private ushort _vcpus;
    private int _memoryMib;
    private double _cpuMs;
    private long _usedAt;

    public GuestPower Power { get; private set; } = GuestPower.Stopped;

    public void Define(GuestSpec spec)
    {
        lock (this)
        {
            _volumes = [.. spec.Disks.Where(d => d.Role == DiskRole.Volume).Select(d => d.Id)];
            _ports = [.. spec.Nics.Select(n => n.PortId)];
            (_vcpus, _memoryMib) = ((ushort)spec.Vcpus, (int)spec.MemoryMib);
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

    /// <summary>Counts on from the last time somebody asked, by its <see cref="SimulatedLoad"/>. Disks and interfaces move as much as the processors do; nobody waits.</summary>
    public GuestUse Use(string id, DateTimeOffset at)
    {
        lock (this)
        {
            var now = at.ToUnixTimeMilliseconds();
            var busy = load.BusyProcessors(id, _vcpus, at);
            if (_usedAt > 0) _cpuMs += busy * (now - _usedAt);
            _usedAt = now;
            var (moved, used) = ((long)(_cpuMs * 200), (long)(_memoryMib * (0.35 + 0.5 * busy / Math.Max(1, (int)_vcpus))));
            return new GuestUse(id) { Vcpus = _vcpus, CpuMs = (long)_cpuMs, WaitMs = 0, MemoryMib = _memoryMib, ResidentMib = used, UsedMib = used, MajorFaults = 0, DiskReadBytes = moved, DiskWrittenBytes = moved / 2, NetInBytes = moved, NetOutBytes = moved * 3 };
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
