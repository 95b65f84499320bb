using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Fleet.Hosts;

/// <summary>Hosts that do not answer, and those that say of themselves that they are nearly full or overloaded.</summary>
internal sealed class HostAlarms(HostStore hosts, TimeProvider clock) : IAlarmSource
{
    private const string Silent = "host.silent", Disk = "host.disk", Cpu = "host.cpu", Memory = "host.memory", Power = "host.power", Controller = "host.bmc";
    private const long FirstWord = 120_000;
    /// <summary>Before this server began, it could hear nobody: silence counts from then on, so that its start is no storm of alarms.</summary>
    private readonly long _began = clock.Ms();

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Silent, "Host {host} does not answer; {servers} servers ran there.") { HoldSeconds = 30 },
        new(Power, "The power of host {host} could not be switched {wanted}: {why}") { HoldSeconds = 60 },
        new(Controller, "The controller (BMC) of host {host} cannot be read: {why} Its power and what it draws are as they were seen last.") { HoldSeconds = 60 },
        new(Disk, "The disk of host {host} is {percent} % full: {used} of {size} GiB.") { HoldSeconds = 60, Limits = [new(Disk + ".minor_percent", 80, 30, 99, "%"), new(Disk + ".major_percent", 90, 30, 100, "%"), new(Disk + ".critical_percent", 97, 30, 100, "%")] },
        new(Cpu, "The processors of host {host} are {percent} % busy.") { HoldSeconds = 300, Limits = [new(Cpu + ".percent", 90, 20, 100, "%")] },
        new(Memory, "The memory of host {host} is {percent} % in use: {used} of {size} GiB.") { HoldSeconds = 120, Limits = [new(Memory + ".percent", 95, 20, 100, "%")] },
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        foreach (var host in await hosts.All(q))
        {
            if (host.PowerFault is { } why && (host.Alive || !host.Simulated || !host.PowerReached)) // a simulated host's controller is its agent, which is silent then; until its wish is reached somebody waits for the switch; after that it was only looked at
                found.Add(host.PowerReached ? Of(host, Controller, Severity.Minor, ("why", Sentence(why))) : Of(host, Power, Severity.Major, ("wanted", host.PowerWanted == PowerState.Off ? "off" : "on"), ("why", why)));
            if (!host.Alive)
            {
                if (host.OffByCloud || host.Waking) continue; // nobody expects it to answer
                if (host.SeenAt > 0 || q.Now - host.CreatedAt > FirstWord) found.Add(Of(host, Silent, Severity.Critical, ("servers", $"{host.RunningServers}")) with { Since = Math.Max(_began, host.SeenAt > 0 ? host.SeenAt : host.CreatedAt) });
                continue; // what it said last is old
            }
            var disk = Percent(host.DiskUsedGib, host.DiskGib);
            if (disk >= limits[Disk + ".minor_percent"])
                found.Add(Of(host, Disk, disk >= limits[Disk + ".critical_percent"] ? Severity.Critical : disk >= limits[Disk + ".major_percent"] ? Severity.Major : Severity.Minor, ("percent", $"{disk:0}"), ("used", $"{host.DiskUsedGib}"), ("size", $"{host.DiskGib}")));
            if (host.CpuPercent >= limits[Cpu + ".percent"]) found.Add(Of(host, Cpu, Severity.Minor, ("percent", $"{host.CpuPercent:0}")));
            var memory = Percent(host.MemoryUsedMib, host.MemoryMib);
            if (memory >= limits[Memory + ".percent"]) found.Add(Of(host, Memory, Severity.Major, ("percent", $"{memory:0}"), ("used", $"{host.MemoryUsedMib >> 10}"), ("size", $"{host.MemoryMib >> 10}")));
        }
        return found;
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static double Percent(long part, long whole) => whole <= 0 ? 0 : 100.0 * part / whole;

    private static Condition Of(HostView host, string kind, Severity severity, params (string Name, string Value)[] values) => new()
    {
        Key = $"{kind}:{host.Id}", Kind = kind, Severity = severity, ObjectKind = "host", ObjectId = host.Id, ObjectName = host.Name, Values = values.Append(("host", host.Name)).ToDictionary(),
    };
}
