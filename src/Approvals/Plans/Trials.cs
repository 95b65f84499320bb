using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Plans;

/// <summary>How much of one quota a project used before and after; what was left is null where no organisation divides it.</summary>
internal sealed record Amount(string Resource, string Unit, long Before, long After, long? LeftBefore, long? LeftAfter)
{
    public long Added => After - Before;
}

/// <summary>What a handler did in a joint transaction that nobody has decided about yet.</summary>
internal sealed record Trial(Answer Answer, Call Call, IReadOnlyList<AuditRow> Told, IReadOnlyList<Amount> Amounts);

/// <summary>
/// Runs a handler as it is, with its own rights, checks and quotas, and reads from the transaction what it did: its
/// audit rows with what became of the objects, and the quotas counted before and after. No handler knows of it.
/// </summary>
internal sealed class Trials(Database database, QuotaTree tree)
{
    public async Task<Trial> Run(Joint joint, string? projectId, Func<Task<(Answer Answer, Call Call)>> handler)
    {
        var before = await Used(projectId);
        var left = projectId is null ? [] : await Left(projectId, [.. before.Keys]);
        var (answer, call) = await handler();
        var after = await Used(projectId);
        var changed = before.Keys.Where(r => after[r] != before[r]).ToList();
        var rest = projectId is null ? [] : await Left(projectId, changed);
        return new Trial(answer, call, [.. joint.Told.Where(a => a.Result == AuditRow.Done)],
            [.. changed.Select(r => new Amount(r, tree.Units[r], before[r], after[r], left.GetValueOrDefault(r), rest.GetValueOrDefault(r)))]);
    }

    private Task<Dictionary<string, long>> Used(string? projectId) => database.Read(async q =>
    {
        var used = new Dictionary<string, long>();
        if (projectId is null) return used;
        foreach (var resource in tree.Units.Keys) used[resource] = await tree.Used(q, resource, [projectId]);
        return used;
    });

    private Task<Dictionary<string, long?>> Left(string projectId, IReadOnlyList<string> resources) => database.Read(async q =>
    {
        var left = new Dictionary<string, long?>();
        foreach (var resource in resources)
        {
            var carving = await tree.Read(q, resource);
            var holder = carving.Has(projectId) ? projectId : carving.Holder(projectId);
            left[resource] = holder is null ? null : await tree.ToUse(q, carving, resource, holder);
        }
        return left;
    });
}
