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
    private string _directive = "";
    private double _cpuMs, _waitMs, _faults;
    private long _usedAt;

    public GuestPower Power { get; private set; } = GuestPower.Stopped;

    public void Define(GuestSpec spec)
    {
        lock (this)
        {
            _volumes = [.. spec.Disks.Where(d => d.Role == DiskRole.Volume).Select(d => d.Id)];
            _ports = [.. spec.Nics.Select(n => n.PortId)];
            _directive = spec.Hints.GetValueOrDefault(GuestSpec.Simulate, "");
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

    public (double Processors, double MemoryMib) Wants(string id, DateTimeOffset at)
    {
        lock (this) return load.Wanted(id, _vcpus, _memoryMib, _directive, at);
    }

    /// <summary>
    /// Counts on from the last time somebody asked: it ran for its share of what it wanted, and waited for the rest. Disks and interfaces move as much as the
    /// processors do; each missing MiB of memory is asked for ten times a second.
    /// </summary>
    public GuestUse Use(string id, DateTimeOffset at, (double Processors, double MemoryMib) wanted, double processors, double memory)
    {
        lock (this)
        {
            var now = at.ToUnixTimeMilliseconds();
            var passed = _usedAt > 0 ? now - _usedAt : 0;
            _cpuMs += wanted.Processors * processors * passed;
            _waitMs += wanted.Processors * (1 - processors) * passed;
            _faults += wanted.MemoryMib * (1 - memory) * passed / 100;
            _usedAt = now;
            var moved = (long)(_cpuMs * 200);
            return new GuestUse(id)
            {
                Vcpus = _vcpus, CpuMs = (long)_cpuMs, WaitMs = (long)_waitMs, MemoryMib = _memoryMib, ResidentMib = (long)(wanted.MemoryMib * memory), UsedMib = (long)wanted.MemoryMib, MajorFaults = (long)_faults,
                DiskReadBytes = moved, DiskWrittenBytes = moved / 2, NetInBytes = moved, NetOutBytes = moved * 3,
            };
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
