using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Qos;

/// <summary>/qos/policies: named sets of rules that networks, ports and floating IPs follow.</summary>
internal sealed class PolicyApi(Database database) : Resource<QosPolicyRow>(database, "policy", "policies")
{
    protected override string Path => "/qos/policies";
    protected override string Rule => "qos_policy";
    protected override Attributes<QosPolicyRow> Attributes { get; } = new Attributes<QosPolicyRow>().Column("shared", "Shared").Column("is_default", "IsDefault");
    protected override IQueryable<QosPolicyRow> Visible(Query q, Actor actor) => Policies.Visible(q, actor);
    protected override CloudError Missing(string id) => Policies.Missing(id);

    protected override async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<QosPolicyRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var rules = (await q.Db<NetworkDb>().QosRules.Where(r => ids.Contains(r.PolicyId)).OrderBy(r => r.Id).ToListAsync()).ToLookup(r => r.PolicyId);
        return [.. rows.Select(row =>
        {
            var shown = Shown.Common(row);
            shown["shared"] = row.Shared;
            shown["is_default"] = row.IsDefault;
            shown["rules"] = new JsonArray([.. rules[row.Id].Select(r => { var one = Policies.Wire(r); one["type"] = r.Kind; one["qos_policy_id"] = row.Id; return one; })]);
            return shown;
        })];
    }

    protected override async Task<QosPolicyRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        fields.Text("name");
        var row = new QosPolicyRow { Id = Id.New(), ProjectId = projectId };
        await Apply(tx, actor, row, fields);
        await tx.Insert(row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, QosPolicyRow row, Fields fields)
    {
        await Apply(tx, actor, row, fields);
        await tx.Put(row);
    }

    private static async Task Apply(Tx tx, Actor actor, QosPolicyRow row, Fields fields)
    {
        Shown.Naming(row, fields);
        row.Shared = fields.FlagOr("shared") ?? row.Shared;
        var preset = fields.FlagOr("is_default") ?? row.IsDefault;
        fields.Done();
        if (row.Shared && !actor.IsAdmin) throw CloudError.Forbidden("Only an administrator may share a QoS policy with everybody.", "PolicyNotAuthorized");
        if (preset && !row.IsDefault && await Policies.Default(tx, row.ProjectId) is { } other)
            throw CloudError.Conflict($"A default QoS policy exists for project {row.ProjectId}: {other}.", "QoSPolicyDefaultAlreadyExists");
        row.IsDefault = preset;
    }

    protected override async Task Remove(Tx tx, Actor actor, QosPolicyRow row)
    {
        var db = tx.Db<NetworkDb>();
        var user = await db.Networks.Where(n => n.QosPolicyId == row.Id).Select(n => "network " + n.Id).FirstOrDefaultAsync()
            ?? await db.Ports.Where(p => p.QosPolicyId == row.Id).Select(p => "port " + p.Id).FirstOrDefaultAsync()
            ?? await db.FloatingIps.Where(f => f.QosPolicyId == row.Id).Select(f => "floating IP " + f.Id).FirstOrDefaultAsync();
        if (user is not null) throw CloudError.Conflict($"QoS Policy {row.Id} is used by {user}.", "QosPolicyInUse");
        await db.QosRules.Where(r => r.PolicyId == row.Id).ExecuteDeleteAsync();
        await tx.Delete<QosPolicyRow>(row.Id);
    }
}
