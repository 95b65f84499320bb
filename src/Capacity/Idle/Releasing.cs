using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Settings;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Idle;

/// <summary>
/// The owner lets something go, by the service's own handler and in the owner's name. Servers and volumes lie in the recycle bin for a while whatever the
/// organisation's rule is; what has no bin (snapshots, addresses) waits here for as long, untouched, and is deleted then.
/// </summary>
internal sealed class Releasing(Database database, Neighbour neighbour, Sight sight, IDemands demands, IEnumerable<IRecycled> bins)
{
    public const string Work = "capacity.release";
    private const long KeptAgain = 30L * 24 * 3_600_000;
    private readonly Dictionary<string, IRecycled> _bins = bins.ToDictionary(b => b.Kind);

    private static readonly Dictionary<string, (string Service, string Path)> Calls = new() { ["server"] = ("nova", "/servers/"), ["volume"] = ("cinder", "/volumes/"), ["snapshot"] = ("cinder", "/snapshots/"), ["floating_ip"] = ("neutron", "/floatingips/") };

    public bool HasBin(IdleRow row) => _bins.ContainsKey(row.ObjectKind);

    public async Task<Recycled?> Binned(Query q, IdleRow row) => _bins.TryGetValue(row.ObjectKind, out var bin) ? await bin.Rows(q).SingleOrDefaultAsync(r => r.Id == row.ObjectId) : null;

    public async Task Begin(Call call, IdleRow row, string reason)
    {
        var (protection, second, policy) = await database.Read(async q => (await demands.Protection(q, row.ObjectKind, row.ObjectId), await demands.CoversDeletion(q, row.ProjectId, row.ObjectKind), await Policy.Read(q)), call.Stop);
        if (protection is not null) throw CloudError.Conflict($"The {row.ObjectKind} {row.ObjectId} is protected from deletion{(protection.Length > 0 ? $" ({protection})" : "")}; lift that first, or answer keep.");
        var (who, stood) = (call.Actor.UserId, Sight.Written(call.Actor));
        if (second)
        {
            if (call.Actor.ProjectId != row.ProjectId) throw CloudError.Conflict("This organisation wants a second person for it; it is asked for by somebody of the project itself, with a token of that project.");
            var made = await neighbour.Ask(call, "xiangyun", "POST", "/requests", new { request = new { kind = "deletion", reason = $"idle: {row.Kind}. {reason}".Trim(), wish = new { kind = row.ObjectKind, id = row.ObjectId } } });
            var request = (string?)made?["request"]?["id"];
            await database.Write(call.Actor, async tx =>
            {
                await IdleSurvey.Update(tx, row, s => s.SetProperty(i => i.State, IdleStates.Asked).SetProperty(i => i.RequestId, request).SetProperty(i => i.Reason, reason).SetProperty(i => i.AnsweredBy, who).SetProperty(i => i.AnsweredAt, tx.Now));
                tx.Audit(call.Verb, "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId, reason, request });
                tx.Wake(Work, row.Id);
            }, call.Stop);
            return;
        }
        await database.Together(async joint =>
        {
            joint.LeastKept = policy.UndoSeconds;
            if (HasBin(row))
            {
                var actor = await database.Read(q => sight.Acting(q, stood, row.ProjectId, call.RequestId), call.Stop) ?? throw CloudError.Forbidden("Your roles do not reach there any more.");
                await Delete(actor, row, call.Stop);
                if (await database.Read(q => Binned(q, row), call.Stop) is null) throw CloudError.Conflict($"The {row.ObjectKind} would be gone for good at once (it never ran, or snapshots hang on it). Delete it yourself if that is meant.");
            }
            await database.Write(call.Actor, async tx =>
            {
                var until = (await Binned(tx, row))?.Until ?? tx.Now + policy.UndoSeconds * 1000;
                await IdleSurvey.Update(tx, row, s => s.SetProperty(i => i.State, IdleStates.Released).SetProperty(i => i.ReleaseAt, until).SetProperty(i => i.Reason, reason).SetProperty(i => i.AnsweredBy, who).SetProperty(i => i.Standpoint, stood).SetProperty(i => i.AnsweredAt, tx.Now).SetProperty(i => i.Error, (string?)null));
                tx.Audit(call.Verb, "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId, reason, until = Clock.Seconds(until) });
                tx.Wake(Work, row.Id, TimeSpan.FromMilliseconds(until - tx.Now));
            }, call.Stop);
            joint.Keep = true;
            return true;
        }, call.Stop);
    }

    public Task Delete(Actor actor, IdleRow row, CancellationToken ct) => neighbour.Do(actor, Calls[row.ObjectKind].Service, "DELETE", Calls[row.ObjectKind].Path + row.ObjectId, new JsonObject(), null, ct);

    public async Task Undo(Tx tx, Call call, IdleRow row)
    {
        if (HasBin(row)) await _bins[row.ObjectKind].Restore(tx, await Binned(tx, row) ?? throw CloudError.Conflict($"The {row.ObjectKind} {row.ObjectId} is not in the recycle bin any more."));
        await IdleSurvey.Update(tx, row, s => s.SetProperty(i => i.State, IdleStates.Kept).SetProperty(i => i.KeepUntil, tx.Now + KeptAgain).SetProperty(i => i.ReleaseAt, (long?)null));
        tx.Audit(call.Verb, "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId });
    }
}
