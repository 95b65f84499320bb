using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Plans;

internal enum Begun { Yes, NotNow, Skipped, Refused }

/// <summary>
/// Begins moves and sees how they ended. A move is the Nova API's own `os-migrateLive`, in the name of whoever approved: its handler and the mark
/// that it has begun are one transaction, so it happens once, however often the server is killed.
/// </summary>
internal sealed class Movements(Database database, Neighbour neighbour, IServers servers, IStandpoints standpoints)
{
    private const string Microversion = "2.90";

    /// <returns>Something ended.</returns>
    public async Task<bool> Settle(IReadOnlyList<MoveRow> moves, CancellationToken ct)
    {
        var any = false;
        foreach (var move in moves.Where(m => m.UnderWay))
        {
            var server = await database.Read(q => servers.Find(q, move.ServerId), ct);
            var (outcome, words) = server switch
            {
                null => (MoveRow.Skipped, "The server was deleted."),
                { Status: "ERROR" } => (MoveRow.Failed, server.Fault ?? "The server is in error."),
                { TaskState: null } when server.HostId == move.FromHost => (MoveRow.Failed, "It could not leave and stayed on its host; the server's own actions say why."),
                _ when server.HostId != move.ToHost => (MoveRow.Failed, "Somebody moved the server elsewhere meanwhile."),
                { Status: "MIGRATING" } or { TaskState: "migrating" } => (null, null),
                _ => (MoveRow.Done, (string?)null),
            };
            if (outcome is null) continue;
            await End(move, outcome, words);
            any = true;
        }
        return any;
    }

    private Task End(MoveRow move, string outcome, string? words) => database.Write(Actor.System, async tx =>
    {
        var now = tx.Now;
        await tx.Db<ConsolidationDb>().Moves.Where(m => m.PlanId == move.PlanId && m.Place == move.Place && m.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.EndedAt, now).SetProperty(m => m.Outcome, outcome).SetProperty(m => m.Words, words));
    });

    public async Task<Begun> Begin(PlanRow plan, MoveRow move, Policy policy, CancellationToken ct)
    {
        if (await InWhoseName(plan, ct) is not { } actor) return Begun.Refused;
        try
        {
            return await database.Together(async joint =>
            {
                var begun = await database.Write(Actor.System, tx => Mark(tx, plan, move, policy), ct);
                if (begun != Begun.Yes)
                {
                    joint.Keep = begun == Begun.Skipped;
                    return begun;
                }
                var to = (string)JsonNode.Parse(plan.Body)!["moves"]![(int)move.Place - 1]!["to_host"]!;
                await neighbour.Do(actor, "nova", "POST", $"/servers/{move.ServerId}/action", new JsonObject { ["os-migrateLive"] = new JsonObject { ["host"] = to, ["block_migration"] = "auto" } }, Microversion, ct);
                joint.Keep = true;
                return begun;
            }, ct);
        }
        catch (CloudError e)
        {
            await database.Write(Actor.System, async tx =>
            {
                var now = tx.Now;
                await tx.Db<ConsolidationDb>().Moves.Where(m => m.PlanId == move.PlanId && m.Place == move.Place && m.BegunAt == null)
                    .ExecuteUpdateAsync(s => s.SetProperty(m => m.BegunAt, now).SetProperty(m => m.EndedAt, now).SetProperty(m => m.Outcome, MoveRow.Failed).SetProperty(m => m.Words, e.Message));
            }, ct);
            return Begun.Skipped;
        }
    }

    /// <summary>Under the one lock: the plan still goes on, the server stands where it did, and neither cluster nor hosts have as many moves as they may.</summary>
    private async Task<Begun> Mark(Tx tx, PlanRow plan, MoveRow move, Policy policy)
    {
        await tx.Lock(PlanBook.MovesLock);
        var (db, now) = (tx.Db<ConsolidationDb>(), tx.Now);
        if (!await PlanState.Going(db).AnyAsync(p => p.Id == plan.Id)) return Begun.NotNow;
        var going = await db.Moves.Where(m => m.BegunAt != null && m.EndedAt == null).Join(db.Plans, m => m.PlanId, p => p.Id, (m, p) => new { m.FromHost, m.ToHost, p.Cluster }).ToListAsync();
        if (going.Count(m => m.Cluster == plan.Cluster) >= policy.Budget.Concurrent) return Begun.NotNow;
        foreach (var host in new[] { move.FromHost, move.ToHost })
            if (going.Count(m => m.FromHost == host || m.ToHost == host) >= policy.Budget.PerHost) return Begun.NotNow;
        var server = await servers.Find(tx, move.ServerId);
        var why = server is null ? "The server was deleted." : server.HostId != move.FromHost ? "The server is not where the plan found it." : server.Stays is { } stays ? $"It stays: {stays}." : await Spent(tx, plan, move, policy);
        var mine = db.Moves.Where(m => m.PlanId == move.PlanId && m.Place == move.Place && m.BegunAt == null && m.EndedAt == null);
        if (why is not null) await mine.ExecuteUpdateAsync(s => s.SetProperty(m => m.EndedAt, now).SetProperty(m => m.Outcome, MoveRow.Skipped).SetProperty(m => m.Words, why));
        else if (await mine.ExecuteUpdateAsync(s => s.SetProperty(m => m.BegunAt, now)) == 0) return Begun.NotNow;
        return why is null ? Begun.Yes : Begun.Skipped;
    }

    /// <summary>A day's budgets bind what serves an aim, not what undoes or rescues.</summary>
    private static async Task<string?> Spent(Tx tx, PlanRow plan, MoveRow move, Policy policy)
    {
        if (plan.Kind != PlanKinds.Plan) return null;
        var since = tx.Now - Making.Spent.Day;
        var today = tx.Db<ConsolidationDb>().Moves.Where(m => m.BegunAt > since);
        if (await today.CountAsync(m => m.ServerId == move.ServerId) >= policy.Budget.PerVmDay) return $"The server was moved {policy.Budget.PerVmDay} time(s) within a day, which is its budget.";
        foreach (var host in new[] { move.FromHost, move.ToHost })
            if (await today.CountAsync(m => m.FromHost == host || m.ToHost == host) >= policy.Budget.PerHostDay) return $"One of its hosts had {policy.Budget.PerHostDay} moves within a day, which is its budget.";
        return null;
    }

    /// <summary>Who approved, with the roles of now; the cloud itself where the policy's rule approved.</summary>
    private async Task<Actor?> InWhoseName(PlanRow plan, CancellationToken ct)
    {
        if (plan.Approver is null) return Actor.System with { RequestId = "req-" + plan.Id };
        var standpoint = System.Text.Json.JsonSerializer.Deserialize<Standpoint>(plan.Approver)!;
        return await database.Read(q => standpoints.Now(q, standpoint), ct) is { IsAdmin: true } actor ? actor with { RequestId = "req-" + plan.Id } : null;
    }
}
