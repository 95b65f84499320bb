using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Image.Imports;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Image.Operations;

/// <summary>Images whose last import ended without data.</summary>
internal sealed class ImageAlarms : IAlarmSource
{
    private const string Import = "image.import";

    public IReadOnlyList<AlarmKind> Kinds { get; } = [new(Import, "The import of image {image} failed: {why}")];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var db = q.Db<ImageDb>();
        var rows = await db.Images.Where(i => i.ImportFailed && i.RecycledAt == null && i.DataFile == null).Select(i => new { i.Id, i.Name, i.OwnerId, i.UpdatedAt }).ToListAsync();
        var ids = rows.Select(r => r.Id).ToList();
        var why = (await db.Tasks.Where(t => ids.Contains(t.ImageId) && t.Status == TaskRow.Failure).Select(t => new { t.ImageId, t.Id, t.Message }).ToListAsync()).GroupBy(t => t.ImageId).ToDictionary(g => g.Key, g => g.MaxBy(t => t.Id, StringComparer.Ordinal)!.Message);
        return [.. rows.Select(r => new Condition
        {
            Key = $"{Import}:{r.Id}", Kind = Import, Severity = Severity.Minor, ObjectKind = "image", ObjectId = r.Id, ObjectName = r.Name, ProjectId = r.OwnerId, Since = r.UpdatedAt,
            Values = new Dictionary<string, string> { ["image"] = r.Name is { Length: > 0 } n ? n : r.Id, ["why"] = why.GetValueOrDefault(r.Id, "—") },
        })];
    }
}
