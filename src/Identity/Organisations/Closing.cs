using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.Projects;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Identity.Organisations;

/// <summary>The end of an organisation begins: from now on nobody signs in to it, and <see cref="Closer"/> deletes what it owns.</summary>
internal static class Closing
{
    public const string Work = "organisation-closing";

    private static readonly string[] Heavy = ["server", "volume", "snapshot", "backup", "image", "protected_image", "network", "router", "floating_ip", "site", "protection"];

    public static async Task Begin(Tx tx, Estate estate, ProjectRow node, string verb)
    {
        var db = tx.Db<IdentityDb>();
        if (node.Id == "default") throw CloudError.Forbidden("The default domain cannot end.");
        if (await db.Closings.AnyAsync(c => c.Id == node.Id)) throw CloudError.Conflict($"The organisation {node.Name} is ending already.");
        if (node.IsDomain) await Guarded.MustNotLiveIn(db, node.Id);
        var owned = await estate.Of(tx, node);
        if (owned.FirstOrDefault(b => b is { Kept: true, Count: > 0 }) is { } kept)
            throw CloudError.Conflict($"The organisation {node.Name} cannot end: it owns {kept.Count} {kept.Kind}, the first is {kept.First[0].Id}. Lift the protection or give it to somebody else first.");
        var projects = await estate.Projects(tx, node);
        await db.Projects.Where(p => p.Id == node.Id || projects.Contains(p.Id)).ExecuteUpdateAsync(s => s.SetProperty(p => p.Enabled, false));
        db.Add(new ClosingRow { Id = node.Id, Name = node.Name, StartedAt = tx.Now });
        tx.Audit(verb, "organisation", node.Id, node.Id, new { node.Name, owned = owned.Where(b => b.Count > 0).ToDictionary(b => b.Kind, b => b.Count) });
        tx.Wake(Work, node.Id);
    }

    /// <summary>Keystone's own deletion is for what is empty: it would leave everything else without an owner.</summary>
    public static async Task MustBeEmpty(Tx tx, Estate estate, ProjectRow node)
    {
        if ((await estate.Of(tx, new Owner(null, await estate.Projects(tx, node)))).FirstOrDefault(b => b.Count > 0 && Heavy.Contains(b.Kind)) is { } left)
            throw CloudError.Conflict($"{node.Name} still owns {left.Count} {left.Kind}, the first is {left.First[0].Id}. Delete what it owns (GET /xiangyun/v1/organisations/{node.Id}/belongings) or ask for the end of the whole organisation with a request of the kind deletion.");
    }

    /// <summary>Nothing is left: the nodes go, the deepest first. What the audit log tells of them stays.</summary>
    public static async Task End(Tx tx, Estate estate, ProjectRow node)
    {
        var db = tx.Db<IdentityDb>();
        if (node.IsDomain) await Removal.Domain(tx, db, node.Id);
        else
            foreach (var project in (await estate.Projects(tx, node)).Reverse()) await Removal.Project(tx, db, project);
        await db.Closings.Where(c => c.Id == node.Id).ExecuteDeleteAsync();
        tx.Audit("organisation.end", "organisation", node.Id, node.Id, new { node.Name });
    }
}
