using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Flavors;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>The part of a flavor that a server shows, also when the flavor is gone.</summary>
internal sealed record FlavorFacts(string Name, int EphemeralGib, int SwapMib, string ExtraSpecs);

/// <summary>What else a server's JSON needs, read for a whole page at once.</summary>
internal sealed record ServerSurroundings(ILookup<string, ShownPort> Ports, ILookup<string, AttachmentView> Volumes, IReadOnlyDictionary<string, HostView> Hosts)
{
    public ILookup<string, string> Tags { get; init; } = Array.Empty<string>().ToLookup(t => t);
    public IReadOnlyDictionary<string, FlavorFacts> Flavors { get; init; } = new Dictionary<string, FlavorFacts>();
    public IReadOnlyDictionary<string, string> Groups { get; init; } = new Dictionary<string, string>();
    public IReadOnlySet<string> ForcedDown { get; init; } = new HashSet<string>();
    /// <summary>Host by host why a server found none; read for administrators only.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads what surrounds the servers of a page: one query for each kind of thing, and only those that the microversion shows.</summary>
internal sealed class ServerView(IPorts ports, IVolumes volumes, IHosts hosts)
{
    public async Task<ServerSurroundings> Around(Query q, IReadOnlyList<ServerRow> rows, Call? call = null)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var around = new ServerSurroundings(await ports.ShownOn(q, ids), await volumes.OfServers(q, ids), (await hosts.All(q)).ToDictionary(h => h.Id));
        if (call is null || rows.Count == 0) return around;
        var db = q.Db<ComputeDb>();
        if (call.Actor.IsAdmin && rows.Where(r => r.HostId is null && r.Fault is not null).Select(r => r.Id).ToList() is { Count: > 0 } homeless)
            around = around with { Details = await db.Actions.Where(a => homeless.Contains(a.ServerId) && a.Action == "create" && a.Details != null).ToDictionaryAsync(a => a.ServerId, a => a.Details!) };
        if (call.AtLeast(16) && call.Actor.IsAdmin) around = around with { ForcedDown = await db.ComputeHosts.Where(h => h.ForcedDown).Select(h => h.HostId).ToHashSetAsync() };
        if (call.AtLeast(26)) around = around with { Tags = (await db.Tags.Where(t => ids.Contains(t.ServerId)).OrderBy(t => t.Tag).ToListAsync()).ToLookup(t => t.ServerId, t => t.Tag) };
        if (call.AtLeast(47)) around = around with { Flavors = await Flavors(db, rows) };
        if (call.AtLeast(71)) around = around with { Groups = await db.GroupMembers.Where(m => ids.Contains(m.ServerId)).ToDictionaryAsync(m => m.ServerId, m => m.GroupId) };
        return around;
    }

    private static async Task<IReadOnlyDictionary<string, FlavorFacts>> Flavors(ComputeDb db, IReadOnlyList<ServerRow> rows)
    {
        var ids = rows.Select(r => r.FlavorId).Distinct().ToList();
        var found = await db.RetiredFlavors.Where(f => ids.Contains(f.Id)).ToDictionaryAsync(f => f.Id, f => new FlavorFacts(f.Name, f.EphemeralGib, f.SwapMib, f.ExtraSpecs));
        foreach (var f in await db.Flavors.Where(f => ids.Contains(f.Id)).ToListAsync()) found[f.Id] = new FlavorFacts(f.Name, f.EphemeralGib, f.SwapMib, f.ExtraSpecs);
        return found;
    }
}
