using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Network.Public;

/// <summary>The old ways of Compute to give a server addresses (before 2.44), in the caller's transaction.</summary>
public interface IServerAddresses
{
    /// <summary>One more address of this network for the server's port in it.</summary>
    Task AddFixed(Tx tx, Actor actor, string serverId, string networkId);

    Task RemoveFixed(Tx tx, string serverId, string ip);

    /// <summary>Points a floating address of the caller at the server; null = its first fixed one.</summary>
    Task AddFloating(Tx tx, Actor actor, string serverId, string floatingIp, string? fixedIp);

    Task RemoveFloating(Tx tx, Actor actor, string serverId, string floatingIp);
}
