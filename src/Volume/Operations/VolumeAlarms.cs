using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Operations;

/// <summary>Volumes and snapshots whose host cannot do what is wanted, and backups that did not come about.</summary>
internal sealed class VolumeAlarms : IAlarmSource
{
    private const string Error = "volume.error", Backup = "backup.failed";

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Error, "Volume {volume} is in error: {why}"),
        new(Backup, "Backup {backup} failed: {why}"),
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var faulty = await q.Db<VolumeDb>().Volumes.Where(v => v.Fault != null && v.RecycledAt == null && v.ProjectId != "").ToListAsync();
        var backups = await q.Db<VolumeDb>().Backups.Where(b => b.Fault != null && !b.Gone).Select(b => new { b.Id, b.Name, b.ProjectId, b.Fault, b.UpdatedAt }).ToListAsync();
        return
        [
            .. faulty.Where(v => VolumeState.Faulty(v, q.Now)).Select(v => Of(Error, v.SnapshotOf is null ? "volume" : "snapshot", v.Id, v.Name, v.ProjectId, ("volume", v.Name is { Length: > 0 } n ? n : v.Id), v.Fault!, v.FaultSince)),
            .. backups.Select(b => Of(Backup, "backup", b.Id, b.Name, b.ProjectId, ("backup", b.Name is { Length: > 0 } n ? n : b.Id), b.Fault!, b.UpdatedAt)),
        ];
    }

    private static Condition Of(string kind, string of, string id, string? name, string project, (string Name, string Value) what, string why, long since) => new()
    {
        Key = $"{kind}:{id}", Kind = kind, Severity = Severity.Major, ObjectKind = of, ObjectId = id, ObjectName = name, ProjectId = project, Since = since > 0 ? since : null, Values = new Dictionary<string, string> { [what.Name] = what.Value, ["why"] = why },
    };
}
