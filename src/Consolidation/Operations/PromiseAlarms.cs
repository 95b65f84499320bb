using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Safety;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Consolidation.Operations;

/// <summary>Promises to guests that are broken now: of a server for its project, of a host as a whole for operators.</summary>
internal sealed class PromiseAlarms(IServers servers, IHosts hosts) : IAlarmSource
{
    private const string Broken = "promise.broken";

    public IReadOnlyList<AlarmKind> Kinds { get; } = [new(Broken, "{what} of {name} is {value} {unit}; at most {slo} is promised.")];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        foreach (var b in await q.Db<ConsolidationDb>().Breaches.Where(b => b.EndedAt == null).ToListAsync())
        {
            var name = b.ServerId is { } id ? (await servers.Find(q, id))?.Name ?? id : (await hosts.Find(q, b.HostId))?.Name ?? b.HostId;
            found.Add(new Condition
            {
                Key = $"{Broken}:{b.HostId}:{b.ServerId}:{b.Kind}", Kind = Broken, Severity = Severity.Major, ObjectKind = b.ServerId is null ? "host" : "server", ObjectId = b.ServerId ?? b.HostId, ObjectName = name, ProjectId = b.ProjectId, Since = b.Since,
                Values = new Dictionary<string, string> { ["what"] = b.Kind, ["name"] = name, ["value"] = $"{b.Value:0.#}", ["slo"] = $"{b.Slo:0.#}", ["unit"] = b.Kind == Excess.Faults ? "pages/s" : "%" },
            });
        }
        return found;
    }
}
