using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Compute.Operations;

/// <summary>Servers in ERROR, and those whose processors have to wait for others (steal) for longer than their owner should bear.</summary>
internal sealed class ServerAlarms(ITelemetry telemetry, IHosts hosts) : IAlarmSource
{
    private const string Error = "server.error", Steal = "server.steal", Most = Steal + ".percent";
    private const long Stale = 120_000;

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Error, "Server {server} is in ERROR: {why}"),
        new(Steal, "The processors of server {server} wait {percent} % of the time for others on its host.") { HoldSeconds = 120, Limits = [new(Most, 10, 1, 100, "%")] },
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var servers = q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null && s.RecycledAt == null);
        List<Condition> found = [.. (await servers.Where(s => s.Fault != null || s.SeenFault != null).Select(s => new { s.Id, s.Name, s.ProjectId, Why = s.Fault ?? s.SeenFault, s.FaultAt }).ToListAsync())
            .Select(s => Of(Error, Severity.Major, s.Id, s.Name, s.ProjectId, ("why", s.Why!)) with { Since = s.FaultAt })];
        var waiting = new Dictionary<string, double>();
        foreach (var host in await hosts.All(q))
            foreach (var use in telemetry.OnHost(host.Id))
                if (use is { CpuWait: { } wait, Vcpus: > 0 } && use.At > q.Now - Stale && 100 * wait / use.Vcpus is var percent && percent >= limits[Most]) waiting[use.Id] = percent;
        foreach (var ids in waiting.Keys.Chunk(400))
            foreach (var s in await servers.Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.Name, s.ProjectId }).ToListAsync())
                found.Add(Of(Steal, Severity.Minor, s.Id, s.Name, s.ProjectId, ("percent", $"{waiting[s.Id]:0}")));
        return found;
    }

    private static Condition Of(string kind, Severity severity, string id, string name, string project, params (string Name, string Value)[] values) => new()
    {
        Key = $"{kind}:{id}", Kind = kind, Severity = severity, ObjectKind = "server", ObjectId = id, ObjectName = name, ProjectId = project, Values = values.Append(("server", name)).ToDictionary(),
    };
}
