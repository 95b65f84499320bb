using Xiangyun.Protocol;

namespace Xiangyun.Fleet.Public;

/// <summary>Direct questions to the agent of one host. Throws <c>CloudError</c> Unavailable when it does not answer.</summary>
public interface IHostLink
{
    Task<string> ConsoleLog(string hostId, string serverId, int lastLines, CancellationToken ct);

    /// <returns>Empty when it was done; else why the guest or its engine refused.</returns>
    Task<string> Guest(string hostId, GuestRequest request, CancellationToken ct);

    /// <summary>Pumps a console until one side closes.</summary>
    Task Console(string hostId, ConsoleOpen open, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> fromClient, Func<ReadOnlyMemory<byte>, Task> toClient, CancellationToken ct);

    /// <summary>A server's root disk or a volume as one flat qcow2.</summary>
    Task ReadDisk(string hostId, ReadDiskRequest request, Stream into, CancellationToken ct);
}
