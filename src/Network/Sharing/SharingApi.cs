using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Sharing;

/// <summary>RBAC policies: the owner of a network, a security group, a QoS policy, an address scope or a subnet pool lets another project use it.</summary>
internal sealed class SharingApi(Database database) : Resource<SharingRow>(database, "rbac_policy", "rbac_policies")
{
    protected override Attributes<SharingRow> Attributes { get; } = new Attributes<SharingRow>()
        .Column("object_type", "ObjectType").Column("object_id", "ObjectId").Column("action", "Action").Column("target_tenant", "TargetProject").Column("target_project", "TargetProject");

    /// <summary>Own ones, and those that are meant for the caller.</summary>
    protected override IQueryable<SharingRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().Sharings.AsQueryable();
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId || r.TargetProject == actor.ProjectId);
    }

    protected override CloudError Missing(string id) => NotFound.Of("RbacPolicyNotFound", "RBAC policy of type rbac-policy with ID", id);

    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<SharingRow> rows) => Task.FromResult<IReadOnlyList<JsonObject>>([.. rows.Select(r => new JsonObject
    {
        ["id"] = r.Id, ["project_id"] = r.ProjectId, ["tenant_id"] = r.ProjectId, ["object_type"] = r.ObjectType, ["object_id"] = r.ObjectId, ["action"] = r.Action, ["target_tenant"] = r.TargetProject,
    })]);

    protected override async Task<SharingRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var type = fields.OneOf("object_type", "network", "security_group", "qos_policy", "address_scope", "subnetpool") ?? throw CloudError.Invalid("Failed to parse request. Required attribute 'object_type' not specified", "HTTPBadRequest");
        var (id, action) = (fields.Text("object_id", 1, 64), fields.OneOf("action", Shares.AsShared, "access_as_external") ?? throw CloudError.Invalid("Failed to parse request. Required attribute 'action' not specified", "HTTPBadRequest"));
        var target = Target(actor, fields) ?? throw CloudError.Invalid("Failed to parse request. Required attribute 'target_tenant' not specified", "HTTPBadRequest");
        fields.Done();
        if (action != Shares.AsShared) throw CloudError.Invalid("access_as_external: an external network of this cloud is one for every project; set router:external on the network instead.", "InvalidInput");
        var owner = await Shares.Owner(tx, actor, type, id);
        await tx.Lock("network:" + id);
        if (await tx.Db<NetworkDb>().Sharings.AnyAsync(s => s.ObjectId == id && s.TargetProject == target)) throw CloudError.Conflict("An RBAC policy already exists with those values.", "DuplicateRbacPolicy");
        var row = new SharingRow { Id = Id.New(), ProjectId = owner, ObjectType = type, ObjectId = id, TargetProject = target };
        await tx.Insert(row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, SharingRow row, Fields fields)
    {
        var target = Target(actor, fields);
        fields.Done();
        if (target is null || target == row.TargetProject) return;
        await Shares.MustBeIdle(tx, row);
        row.TargetProject = target;
        await tx.Put(row);
    }

    protected override async Task Remove(Tx tx, Actor actor, SharingRow row)
    {
        await Shares.MustBeIdle(tx, row);
        await tx.Delete<SharingRow>(row.Id);
    }

    private static string? Target(Actor actor, Fields fields)
    {
        var target = fields.TextOr("target_tenant", 1, 64) ?? fields.TextOr("target_project", 1, 64);
        if (target == Shares.Everybody && !actor.IsAdmin) throw CloudError.Forbidden("Only an administrator may share with everybody.", "PolicyNotAuthorized");
        return target;
    }
}
