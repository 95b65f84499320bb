using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

/// <summary>What can be done to a domain, whether it is addressed as a domain or as a project that acts as one.</summary>
internal static class Domains
{
    private static readonly string[] Known = ["name", "description", "enabled", "tags", "options", "id", "links", "is_domain", "domain_id", "parent_id"];

    public static async Task<ProjectRow> Create(Tx tx, IdentityDb db, Call call, Fields body)
    {
        var name = Keystone.Name(body, 64);
        if (await db.Projects.AnyAsync(p => p.IsDomain && p.Name == name)) throw Keystone.Duplicate("domain", name);
        var id = Id.New();
        var made = new ProjectRow
        {
            Id = id, Name = name, DomainId = id, IsDomain = true, Enabled = body.FlagOr("enabled") ?? true, Description = body.TextOr("description", 0, 65_535) ?? "",
            Tags = Tags.Of(body.TextsOr("tags") ?? []), Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
        };
        db.Add(made);
        tx.Audit(call.Verb, "domain", id, null, new { name });
        return made;
    }

    public static async Task Update(Tx tx, IdentityDb db, Call call, ProjectRow row, Fields body)
    {
        var name = body.TextOr("name", 1, 64) ?? row.Name;
        if (name != row.Name && await db.Projects.AnyAsync(p => p.IsDomain && p.Name == name)) throw Keystone.Duplicate("domain", name);
        var (description, enabled, extra) = (body.TextOr("description", 0, 65_535) ?? row.Description, body.FlagOr("enabled") ?? row.Enabled, Keystone.Extras(body, row.Extra, Known));
        if (!enabled && row.Id == call.Actor.UserDomainId) throw CloudError.Forbidden("The domain of the calling user cannot be disabled: nobody could enable it again.");
        if (!enabled) await Guarded.MustNotLiveIn(db, row.Id);
        var tags = body.TextsOr("tags") is { } given ? Tags.Of(given) : row.Tags;
        await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name).SetProperty(p => p.Description, description)
            .SetProperty(p => p.Enabled, enabled).SetProperty(p => p.Tags, tags).SetProperty(p => p.Extra, extra));
        tx.Audit(call.Verb, "domain", row.Id, null, new { name, enabled });
    }

    public static async Task Delete(Tx tx, IdentityDb db, Call call, ProjectRow row, Organisations.Estate estate)
    {
        if (row.Id == "default") throw CloudError.Forbidden("The default domain cannot be deleted.");
        if (row.Enabled) throw CloudError.Forbidden("Cannot delete a domain that is enabled, please disable it first.");
        await Guarded.MustNotLiveIn(db, row.Id);
        await Organisations.Closing.MustBeEmpty(tx, estate, row);
        await Removal.Domain(tx, db, row.Id);
        tx.Audit(call.Verb, "domain", row.Id, null, new { row.Name });
    }
}
