using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;
using Xiangyun.Store.Recycling;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// Deletes what an ending organisation owns, by the same calls that its people would have used. No order is planned: what is
/// still needed by something else refuses, and goes in a later pass. Ends with the organisation itself.
/// </summary>
internal sealed class Closer(Database database, IdentityStore store, Estate estate, Neighbour neighbour, IEnumerable<IRecycled> bins) : IReconciler
{
    private const int MostWords = 20;

    public string Kind => Closing.Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<IdentityDb>().Closings.Select(c => c.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var node = await database.Read(async q => await q.Db<IdentityDb>().Closings.AnyAsync(c => c.Id == id, ct) ? await q.Db<IdentityDb>().Projects.SingleOrDefaultAsync(p => p.Id == id, ct) : null, ct);
        if (node is null) return Next.Done;
        await EmptyBins(node, ct);
        var blocked = new List<string>();
        var owned = (await database.Read(q => estate.Of(q, node), ct)).Where(b => b.Count > 0 && (b.End is not null || b.Kept)).ToList();
        foreach (var heap in owned)
            foreach (var thing in heap.First) await Delete(id, heap, thing, blocked, ct);
        if (owned.Count == 0) await store.Write(Actor.System, (tx, _) => Closing.End(tx, estate, node));
        else await Say(id, blocked, ct);
        return owned.Count == 0 ? Next.Done : Next.In(TimeSpan.FromSeconds(blocked.Count == 0 ? 0.5 : 2));
    }

    private async Task EmptyBins(ProjectRow node, CancellationToken ct)
    {
        var projects = await database.Read(q => estate.Projects(q, node), ct);
        foreach (var bin in bins)
            await database.Write(Actor.System, async tx =>
            {
                foreach (var thing in await bin.Rows(tx).Where(r => projects.Contains(r.ProjectId)).ToListAsync(ct)) await bin.Purge(tx, thing);
            }, ct);
    }

    private async Task Delete(string id, Belongings heap, Thing thing, List<string> blocked, CancellationToken ct)
    {
        try
        {
            if (heap.End is not { } end) throw CloudError.Conflict("it is protected.");
            string Filled(string text) => text.Replace("{id}", thing.Id, StringComparison.Ordinal).Replace("{via}", thing.Via, StringComparison.Ordinal);
            await neighbour.Do(Actor.System with { RequestId = "req-" + id }, end.Service, end.Method, Filled(end.Path), JsonNode.Parse(Filled(end.Body))!, end.Version, ct);
        }
        catch (CloudError e) when (e.Kind == ErrorKind.NotFound)
        {
            // It went with something else in this pass.
        }
        catch (CloudError e)
        {
            if (blocked.Count < MostWords) blocked.Add($"{heap.Kind} {thing.Id}: {e.Message}");
        }
    }

    private Task Say(string id, List<string> blocked, CancellationToken ct)
    {
        var words = JsonSerializer.Serialize(blocked, Json.Options);
        return database.Write(Actor.System, tx => tx.Db<IdentityDb>().Closings.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Blocked, words)), ct);
    }
}
