using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Compute.Usage;

internal sealed class ComputeBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        var (user, projects, db) = (owner.UserId, owner.ProjectIds ?? [], q.Db<ComputeDb>());
        var servers = db.Servers.Where(s => s.Want != Servers.Power.Gone && (user != null ? s.UserId == user : projects.Contains(s.ProjectId))).OrderBy(s => s.Id);
        List<Belongings> found = [await Heap.Of("server", servers.Select(s => new Thing(s.Id, s.Name, s.ProjectId)), new Ending("nova", "POST", "/servers/{id}/action", """{"forceDelete":null}"""))];
        found.Add(await Heap.Of("server_group", db.Groups.Where(g => user != null ? g.UserId == user : projects.Contains(g.ProjectId)).OrderBy(g => g.Id).Select(g => new Thing(g.Id, g.Name, g.ProjectId)), new Ending("nova", "DELETE", "/os-server-groups/{id}")));
        if (user is not null) found.Add(await Heap.Of("keypair", db.Keypairs.Where(k => k.UserId == user).OrderBy(k => k.Name).Select(k => new Thing(k.Name, k.Name, null))));
        return found;
    }
}
