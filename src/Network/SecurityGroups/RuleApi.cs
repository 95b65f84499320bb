using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.SecurityGroups;

internal sealed class RuleApi(Database database) : Resource<GroupRuleRow>(database, "security_group_rule", "security_group_rules")
{
    protected override Attributes<GroupRuleRow> Attributes { get; } = new Attributes<GroupRuleRow>()
        .Column("security_group_id", "GroupId").Column("direction", "Direction").Column("ethertype", "Ethertype").Column("protocol", "Protocol")
        .Column("port_range_min", "PortMin").Column("port_range_max", "PortMax").Column("remote_ip_prefix", "RemoteIpPrefix").Column("remote_group_id", "RemoteGroupId");

    protected override IQueryable<GroupRuleRow> Visible(Query q, Actor actor)
    {
        var db = q.Db<NetworkDb>();
        return actor.IsAdmin ? db.Rules : db.Rules.Where(r => r.ProjectId == actor.ProjectId || db.Groups.Any(g => g.Id == r.GroupId && g.ProjectId == actor.ProjectId));
    }

    protected override CloudError Missing(string id) => NotFound.Rule(id);

    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<GroupRuleRow> rows) =>
        Task.FromResult<IReadOnlyList<JsonObject>>([.. rows.Select(GroupWire.Show)]);

    protected override async Task<GroupRuleRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var group = (await Groups.Find(tx, actor, [fields.Text("security_group_id")]))[0];
        var row = RuleRules.Read(projectId, group, fields);
        if (fields.TextOr("remote_address_group_id") is not null) throw CloudError.Invalid("Invalid input for operation: address groups are not offered by this cloud.", "InvalidInput");
        fields.Done();
        if (row.RemoteGroupId is { } remote) await Groups.Find(tx, actor, [remote]);
        await tx.Lock("network:" + group);
        if (await tx.Db<NetworkDb>().Rules.Where(r => r.GroupId == group && r.Identity == row.Identity).Select(r => r.Id).SingleOrDefaultAsync() is { } twin)
            throw CloudError.Conflict($"Security group rule already exists. Rule id is {twin}.", "SecurityGroupRuleExists");
        await NetworkQuota.Take(tx, projectId, "security_group_rule");
        await tx.Insert(row);
        await Touch(tx, group);
        return row;
    }

    /// <summary>Only the description of a rule may change.</summary>
    protected override async Task Change(Tx tx, Actor actor, GroupRuleRow row, Fields fields)
    {
        row.Description = fields.TextOr("description") ?? row.Description;
        fields.Done();
        await tx.Put(row);
    }

    protected override async Task Remove(Tx tx, Actor actor, GroupRuleRow row)
    {
        await tx.Delete<GroupRuleRow>(row.Id);
        await Touch(tx, row.GroupId);
    }

    private static async Task Touch(Tx tx, string group)
    {
        await tx.Bump<GroupRow>(group);
        tx.Wake(NetworkWork.Group, group);
    }
}
