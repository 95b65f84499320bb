using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.SecurityGroups;

internal sealed class GroupApi(Database database) : Resource<GroupRow>(database, "security_group", "security_groups")
{
    protected override Attributes<GroupRow> Attributes { get; } = new Attributes<GroupRow>()
        .Special("shared", (_, rows, values) => values.Any(v => v is "false" or "False") ? rows : rows.Where(r => false))
        .Special("stateful", (_, rows, values) => values.Any(v => v is "true" or "True") ? rows : rows.Where(r => false));

    protected override IQueryable<GroupRow> Visible(Query q, Actor actor) => Groups.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Group(id);

    protected override async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<GroupRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var rules = (await q.Db<NetworkDb>().Rules.Where(r => ids.Contains(r.GroupId)).ToListAsync()).ToLookup(r => r.GroupId);
        return [.. rows.Select(r => GroupWire.Show(r, rules[r.Id]))];
    }

    /// <summary>Looking at the list is enough to have a default group.</summary>
    protected override async Task BeforeList(Call call)
    {
        if (call.Actor.ProjectId is not { } project) return;
        var id = Groups.DefaultId(project);
        if (await Database.Read(q => q.Db<NetworkDb>().Groups.AnyAsync(g => g.Id == id), call.Stop)) return;
        await Database.Write(Actor.System, tx => Groups.Default(tx, project), call.Stop);
    }

    protected override async Task<GroupRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var row = new GroupRow { Id = Id.New(), ProjectId = projectId };
        Apply(row, fields);
        await Groups.Default(tx, projectId);
        if (row.Name == Groups.DefaultName) throw CloudError.Conflict("Default security group already exists.", "SecurityGroupDefaultAlreadyExists");
        await NetworkQuota.Take(tx, projectId, "security_group");
        await tx.Insert(row);
        await Groups.OpenEgress(tx, projectId, row.Id);
        tx.Wake(NetworkWork.Group, row.Id);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, GroupRow row, Fields fields)
    {
        var name = row.Name;
        Apply(row, fields);
        if (row.Name != name && (row.IsDefault || row.Name == Groups.DefaultName))
            throw CloudError.Conflict(row.IsDefault ? "Updating the name of the default security group is not allowed." : "Default security group already exists.", row.IsDefault ? "SecurityGroupCannotUpdateDefault" : "SecurityGroupDefaultAlreadyExists");
        await tx.Put(row);
    }

    private static void Apply(GroupRow row, Fields fields)
    {
        Shown.Naming(row, fields);
        if (fields.FlagOr("stateful") == false) throw CloudError.Invalid("Invalid input for operation: stateless security groups are not offered by this cloud.", "InvalidInput");
        fields.Done();
    }

    protected override async Task Remove(Tx tx, Actor actor, GroupRow row)
    {
        var db = tx.Db<NetworkDb>();
        if (row.IsDefault && !actor.IsAdmin) throw CloudError.Conflict("Insufficient rights for removing default security group.", "SecurityGroupCannotRemoveDefault");
        if (await db.PortGroups.AnyAsync(g => g.GroupId == row.Id)) throw CloudError.Conflict($"Security Group {row.Id} in use.", "SecurityGroupInUse");
        var others = await db.Rules.Where(r => r.RemoteGroupId == row.Id && r.GroupId != row.Id).Select(r => r.GroupId).Distinct().ToListAsync();
        await db.Rules.Where(r => r.GroupId == row.Id || r.RemoteGroupId == row.Id).ExecuteDeleteAsync();
        await tx.Delete<GroupRow>(row.Id);
        foreach (var group in others.Append(row.Id)) tx.Wake(NetworkWork.Group, group);
    }
}
