using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Store;

namespace Xiangyun.Network.Sharing;

/// <summary>What others share with the caller, and whether a share is in use.</summary>
internal static class Shares
{
    public const string AsShared = "access_as_shared";
    public const string Everybody = "*";

    /// <summary>Ids of all objects, of whatever type, that some policy lets this project use.</summary>
    public static IQueryable<string> With(Query q, string? projectId) => q.Db<NetworkDb>().Sharings.Where(s => s.TargetProject == projectId || s.TargetProject == Everybody).Select(s => s.ObjectId);

    public static Task<bool> Includes(Query q, string? projectId, string objectId) => With(q, projectId).AnyAsync(id => id == objectId);

    /// <summary>The owner of the object; 404 when there is none, or it is another's.</summary>
    public static async Task<string> Owner(Query q, Actor actor, string type, string id)
    {
        var db = q.Db<NetworkDb>();
        var owner = await (type switch
        {
            "network" => db.Networks.Where(r => r.Id == id).Select(r => r.ProjectId),
            "security_group" => db.Groups.Where(r => r.Id == id).Select(r => r.ProjectId),
            "address_scope" => db.AddressScopes.Where(r => r.Id == id).Select(r => r.ProjectId),
            "subnetpool" => db.SubnetPools.Where(r => r.Id == id).Select(r => r.ProjectId),
            _ => db.QosPolicies.Where(r => r.Id == id).Select(r => r.ProjectId),
        }).SingleOrDefaultAsync();
        return owner is not null && actor.MaySee(owner) ? owner : throw NotFound.Of("RbacPolicyObjectNotFound", type, id);
    }

    /// <summary>Somebody of the target uses the object, and nothing else allows it.</summary>
    public static async Task MustBeIdle(Tx tx, SharingRow row)
    {
        var db = tx.Db<NetworkDb>();
        if (row.TargetProject == row.ProjectId) return; // the owner needs no share
        if (await db.Sharings.AnyAsync(s => s.ObjectId == row.ObjectId && s.Id != row.Id && (s.TargetProject == row.TargetProject || s.TargetProject == Everybody))) return;
        var used = row.ObjectType switch
        {
            "network" => !await db.Networks.AnyAsync(n => n.Id == row.ObjectId && n.Shared)
                && await db.Ports.AnyAsync(p => p.NetworkId == row.ObjectId && p.ProjectId != "" && p.DeviceOwner != PortOwners.Metadata && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject)),
            "security_group" => await db.Ports.AnyAsync(p => db.PortGroups.Any(g => g.PortId == p.Id && g.GroupId == row.ObjectId) && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject)),
            "address_scope" => await db.SubnetPools.AnyAsync(p => p.AddressScopeId == row.ObjectId && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject)),
            "subnetpool" => await db.Subnets.AnyAsync(p => p.SubnetPoolId == row.ObjectId && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject)),
            _ => await db.Ports.AnyAsync(p => p.QosPolicyId == row.ObjectId && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject))
                || await db.FloatingIps.AnyAsync(p => p.QosPolicyId == row.ObjectId && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject))
                || await db.Networks.AnyAsync(p => p.QosPolicyId == row.ObjectId && (row.TargetProject == Everybody ? p.ProjectId != row.ProjectId : p.ProjectId == row.TargetProject)),
        };
        if (used) throw CloudError.Conflict($"RBAC policy on object {row.ObjectId} cannot be removed because other objects depend on it. Details: the project {row.TargetProject} uses it.", "RbacPolicyInUse");
    }
}
