using Xiangyun.Store;

namespace Xiangyun.Volume.Public;

/// <summary>Whoever has volumes attached (Compute) and wants to tell its users when one of them grows.</summary>
public interface IVolumeHolders
{
    /// <summary>A larger size is wanted.</summary>
    Task Growing(Tx tx, string serverId, string projectId);

    /// <summary>The host says that it is there.</summary>
    Task Grown(Tx tx, string serverId);
}
