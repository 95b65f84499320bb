using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Fleet.Power;

/// <summary>What can be wrong with switched hosts beside a controller that fails (<c>host.power</c>). A host that is off because the cloud wants it so is none of it.</summary>
internal sealed class PowerAlarms(HostStore hosts) : IAlarmSource
{
    private const string Late = "host.not_booted", Hand = "host.switched_by_hand", BootSeconds = "host.not_booted.seconds";

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Late, "Host {host} was switched on {minutes} minutes ago and its agent has not answered yet.") { Limits = [new(BootSeconds, 600, 30, 7200, "s")] },
        new(Hand, "Host {host} is {power}: somebody switched it at the machine.") { HoldSeconds = 120 },
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        foreach (var h in await hosts.All(q))
        {
            Condition Of(string kind, Severity severity, long since, Dictionary<string, string> values) => new()
            {
                Key = $"{kind}:{h.Id}", Kind = kind, Severity = severity, ObjectKind = "host", ObjectId = h.Id, ObjectName = h.Name, Since = since, Values = new Dictionary<string, string>(values) { ["host"] = h.Name },
            };
            var waited = (q.Now - h.PowerWantedAt) / 1000;
            if (h.PowerWanted == PowerState.On && h.PowerWantedAt > h.SeenAt && !h.Alive && waited > limits[BootSeconds]) found.Add(Of(Late, Severity.Major, h.PowerWantedAt, new() { ["minutes"] = $"{waited / 60}" }));
            if (h is { PowerReached: true, PowerFault: null } && h.PowerWantedAt > 0 && h.PowerSeen != PowerState.Unknown && h.PowerSeen != h.PowerWanted) found.Add(Of(Hand, Severity.Warning, h.PowerSeenAt, new() { ["power"] = PowerWords.Of(h.PowerSeen) }));
        }
        return found;
    }
}
