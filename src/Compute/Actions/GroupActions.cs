using Xiangyun.Compute.Servers;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>Puts a security group on all ports of a server, or takes it off.</summary>
internal sealed class GroupActions(IPorts ports)
{
    public async Task Do(Tx tx, string id, string action, Fields how)
    {
        var name = how.Text("name", 1);
        how.Done();
        var row = await ServerStore.ForChange(tx, id);
        await ports.SetGroup(tx, tx.Actor, row.Id, name, action == "addSecurityGroup");
        ServerActionRow.Add(tx, row.Id, row.ProjectId, action);
        tx.Audit(action == "addSecurityGroup" ? "server.add_security_group" : "server.remove_security_group", "server", row.Id, row.ProjectId, new { group = name });
    }
}
