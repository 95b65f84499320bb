using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Volume.Types;

internal static class TypeStore
{
    public static IQueryable<TypeRow> Visible(this VolumeDb db, Actor actor, bool all = true)
    {
        if (actor.IsAdmin && all) return db.Types;
        var project = actor.ProjectId ?? "";
        return db.Types.Where(t => t.IsPublic || db.TypeProjects.Any(p => p.TypeId == t.Id && p.ProjectId == project));
    }

    public static async Task<TypeRow> Get(Query q, Actor actor, string id) =>
        await q.Db<VolumeDb>().Visible(actor).SingleOrDefaultAsync(t => t.Id == id) ?? throw CloudError.NotFound($"Volume type {id} could not be found.");

    /// <summary>By id or name.</summary>
    public static async Task<TypeRow> Usable(Query q, Actor actor, string idOrName) =>
        await q.Db<VolumeDb>().Visible(actor).Where(t => t.Id == idOrName || t.Name == idOrName).OrderBy(t => t.Id == idOrName ? 0 : 1).FirstOrDefaultAsync()
        ?? throw CloudError.NotFound($"Volume type with name {idOrName} could not be found.");

    /// <summary>What a type demands of the host, the zone and the file.</summary>
    public static async Task<TypeSpecs> Demands(Query q, string id) => TypeSpecs.Of((await Specs(q, [id]))[id]);

    public static async Task<ILookup<string, SpecRow>> Specs(Query q, IReadOnlyCollection<string> ids) =>
        (await q.Db<VolumeDb>().Specs.Where(s => ids.Contains(s.TypeId)).ToListAsync()).ToLookup(s => s.TypeId);
}
