using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Plans;

/// <summary>
/// Undoing is a new plan whose parent is the old one: what was moved goes back, the last first, and hosts that were switched off come on before. What
/// others have moved or deleted meanwhile is left where it is, and said.
/// </summary>
internal sealed class UndoMaker(Database database, PolicyStore policies, IServers servers, IHosts hosts)
{
    public Task<(Proposal Proposal, Policy Policy)> Make(PlanRow row, CancellationToken ct) => database.Read(async q =>
    {
        var db = q.Db<ConsolidationDb>();
        if (PlanState.Live(row)) throw CloudError.Conflict("The plan is under way: stop it before you undo it.");
        if (row.UndoneAt is not null) throw CloudError.Conflict("The plan is undone already.");
        var moves = await db.Moves.Where(m => m.PlanId == row.Id && m.BegunAt != null).OrderByDescending(m => m.Place).ToListAsync();
        if (moves.Exists(m => m.UnderWay)) throw CloudError.Conflict("Some of its moves are still under way: try again when they have ended.");
        var there = (await hosts.All(q)).ToDictionary(h => h.Id);
        var (back, stays) = (new List<ProposedMove>(), new List<string>());
        foreach (var move in moves.Where(m => m.Outcome == MoveRow.Done))
        {
            if (await servers.Find(q, move.ServerId) is not { } server) stays.Add("it was deleted");
            else if (server.HostId != move.ToHost) stays.Add("it was moved elsewhere meanwhile");
            else if (server.Stays is { } why) stays.Add(why);
            else if (!there.TryGetValue(move.FromHost, out var from) || !there.TryGetValue(move.ToHost, out var to)) stays.Add("its host of then is gone");
            else back.Add(new ProposedMove(server, to, from));
        }
        var on = (await db.Switches.Where(s => s.PlanId == row.Id && !s.TurnOn && s.AskedAt != null).Select(s => s.HostId).ToListAsync()).Where(there.ContainsKey).Select(id => there[id]).Where(Power.IsOff).ToList();
        if (back.Count == 0 && on.Count == 0) throw CloudError.Conflict($"Nothing of this plan is to be undone{(stays.Count > 0 ? $": {string.Join("; ", stays.Distinct())}" : "")}.");
        var proposal = new Proposal
        {
            Kind = PlanKinds.Undo, Cluster = row.Cluster, Aim = Policy.None, Trigger = "operator", ParentId = row.Id, Moves = back, Why = $"undoes {row.Id}",
            On = [.. on.Concat(back.Select(m => m.To).Where(Power.IsOff)).DistinctBy(h => h.Id)], Stays = [.. stays.GroupBy(s => s).Select(g => (g.Key, g.Count()))],
        };
        return (proposal, await policies.Of(q, row.Cluster));
    }, ct);
}
