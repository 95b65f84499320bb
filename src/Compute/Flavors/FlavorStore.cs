using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Flavors;

internal static class FlavorStore
{
    public static IQueryable<FlavorRow> Visible(Query q, Actor actor, bool all = false)
    {
        var db = q.Db<ComputeDb>();
        if (actor.IsAdmin && all) return db.Flavors;
        var shared = db.FlavorAccess.Where(a => a.ProjectId == actor.ProjectId).Select(a => a.FlavorId);
        return db.Flavors.Where(f => f.IsPublic || shared.Contains(f.Id));
    }

    public static async Task<FlavorRow> Find(Query q, Actor actor, string id) =>
        await Visible(q, actor, all: true).SingleOrDefaultAsync(f => f.Id == id) ?? throw CloudError.NotFound($"Flavor {id} could not be found.");

    /// <summary>Servers that have it still show what they are made of.</summary>
    public static async Task Retire(Tx tx, FlavorRow row)
    {
        var db = tx.Db<ComputeDb>();
        await db.RetiredFlavors.Where(f => f.Id == row.Id).ExecuteDeleteAsync();
        if (await db.Servers.AnyAsync(s => s.FlavorId == row.Id)) db.Add(new RetiredFlavorRow { Id = row.Id, Name = row.Name, EphemeralGib = row.EphemeralGib, SwapMib = row.SwapMib, ExtraSpecs = row.ExtraSpecs });
    }
}
