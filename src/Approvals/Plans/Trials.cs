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
    private const int MostTries = 20;

    public async Task<Trial> Run(Joint joint, string? projectId, Func<Task<(Answer Answer, Call Call)>> handler)
    {
        var (answer, call) = await handler();
        return new Trial(answer, call, [.. joint.Told.Where(a => a.Result == AuditRow.Done)], projectId is null ? [] : await Amounts(joint, projectId));
    }

    /// <summary>
    /// What this transaction adds. Others change what the project uses meanwhile, and what they commit is seen within too; so it is counted
    /// apart as well, before and after: only where that stood still is the difference our own.
    /// </summary>
    private async Task<IReadOnlyList<Amount>> Amounts(Joint joint, string projectId)
    {
        var others = await joint.Apart(q => Used(q, projectId));
        for (var tries = 0; tries < MostTries; tries++)
        {
            var own = await database.Read(q => Used(q, projectId));
            var changed = own.Keys.Where(r => own[r] != others[r]).ToList();
            var (before, after) = (await joint.Apart(q => Left(q, projectId, changed)), await database.Read(q => Left(q, projectId, changed)));
            var still = await joint.Apart(q => Used(q, projectId));
            if (still.All(u => others[u.Key] == u.Value)) return [.. changed.Select(r => new Amount(r, tree.Units[r], others[r], own[r], before[r], after[r]))];
            others = still;
        }
        throw CloudError.Conflict("So much is made and deleted in this project at the moment that what this adds cannot be told; try again.");
    }

    private async Task<Dictionary<string, long>> Used(Query q, string projectId)
    {
        var used = new Dictionary<string, long>();
        foreach (var resource in tree.Units.Keys) used[resource] = await tree.Used(q, resource, [projectId]);
        return used;
    }

    private async Task<Dictionary<string, long?>> Left(Query q, string projectId, IReadOnlyList<string> resources)
    {
        var left = new Dictionary<string, long?>();
        foreach (var resource in resources)
        {
            var carving = await tree.Read(q, resource);
            var holder = carving.Has(projectId) ? projectId : carving.Holder(projectId);
            left[resource] = holder is null ? null : await tree.ToUse(q, carving, resource, holder);
        }
        return left;
    }
}
