using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>What only administrators may do to servers, and two old actions that mean nothing with a network service.</summary>
internal static class AdminActions
{
    public static void Only(Actor actor, string rule)
    {
        if (!actor.IsAdmin) throw CloudError.Forbidden($"Policy doesn't allow os_compute_api:{rule} to be performed.");
    }

    /// <summary>Nova kept these for nova-network. Addresses are the ports' here and never have to be pushed into a guest: known, checked, and nothing to do.</summary>
    public static async Task OldNetwork(Tx tx, string id, string action)
    {
        Only(tx.Actor, "os-admin-actions");
        var row = await ServerStore.ForChange(tx, id);
        ServerActionRow.Add(tx, row.Id, row.ProjectId, action, "Nothing to do: the ports of the network service hold the addresses.");
        tx.Audit("server." + action, "server", row.Id, row.ProjectId);
    }
}
