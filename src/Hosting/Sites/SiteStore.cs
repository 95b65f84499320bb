using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Hosting.Sites;

internal sealed class SiteStore(IBranches branches)
{
    public static CloudError Missing(string id) => CloudError.NotFound($"There is no site {id}.");

    /// <summary>Those of the token's project, or of everything below its domain; all for whoever has a token of the system.</summary>
    public async Task<IQueryable<SiteRow>> Visible(Query q, Actor actor)
    {
        var rows = q.Db<HostingDb>().Sites.AsQueryable();
        if (actor.IsAdmin || actor.SystemScope) return rows;
        if (actor.ProjectId is { } project) return rows.Where(s => s.ProjectId == project);
        if (actor.DomainId is not { } domain) return rows.Where(s => false);
        var below = await branches.Below(q, domain);
        return rows.Where(s => below.Contains(s.ProjectId));
    }

    public async Task<SiteRow> Find(Query q, Actor actor, string id) => await (await Visible(q, actor)).SingleOrDefaultAsync(s => s.Id == id) ?? throw Missing(id);

    /// <summary>Replaces the domain names of a site; one that leads to another site is refused.</summary>
    public static async Task SetHostNames(Tx tx, string siteId, IReadOnlyList<string> names)
    {
        var rows = tx.Db<HostingDb>().HostNames;
        foreach (var name in names.Order(StringComparer.Ordinal)) await tx.Lock("site-host-name:" + name);
        if (await rows.Where(h => names.Contains(h.Name) && h.SiteId != siteId).Select(h => h.Name).FirstOrDefaultAsync() is { } taken)
            throw CloudError.Conflict($"The domain name {SiteRules.Shown(taken)} leads to another site already. Take it off there first, or ask the administrator of the cloud whose it is.");
        await rows.Where(h => h.SiteId == siteId).ExecuteDeleteAsync();
        tx.Db<HostingDb>().AddRange(names.Select(n => new HostNameRow { Name = n, SiteId = siteId }));
        await tx.Save();
    }

    public static async Task SetMembers(Tx tx, string siteId, IReadOnlyList<SiteMemberRow> members)
    {
        await tx.Db<HostingDb>().Members.Where(m => m.SiteId == siteId).ExecuteDeleteAsync();
        tx.Db<HostingDb>().AddRange(members);
        await tx.Save();
    }

    public static async Task Delete(Tx tx, string siteId)
    {
        var db = tx.Db<HostingDb>();
        await db.HostNames.Where(h => h.SiteId == siteId).ExecuteDeleteAsync();
        await db.Members.Where(m => m.SiteId == siteId).ExecuteDeleteAsync();
        await db.Sites.Where(s => s.Id == siteId).ExecuteDeleteAsync();
    }
}
