using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Links;

internal sealed class HostLink(Agents agents, Database database, TimeProvider clock) : IHostLink
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    public Task<string> ConsoleLog(string hostId, string serverId, int lastLines, CancellationToken ct) => Ask(hostId, async host =>
        (await agents.Client(host.Endpoint).ConsoleLogAsync(new ConsoleLogRequest { ServerId = serverId, LastLines = lastLines }, Agents.For(host, ct, Quick, clock))).Text);

    public Task<string> Guest(string hostId, GuestRequest request, CancellationToken ct) => Ask(hostId, async host =>
        (await agents.Client(host.Endpoint).GuestAsync(request, Agents.For(host, ct, Quick, clock))).Why);

    public Task ReadDisk(string hostId, ReadDiskRequest request, Stream into, CancellationToken ct) => Ask(hostId, async host =>
    {
        using var call = agents.Client(host.Endpoint).ReadDisk(request, Agents.For(host, ct));
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct)) await into.WriteAsync(part.Data.Memory, ct);
        return true;
    });

    public Task Console(string hostId, ConsoleOpen open, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> fromClient, Func<ReadOnlyMemory<byte>, Task> toClient, CancellationToken ct) => Ask(hostId, async host =>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var call = agents.Client(host.Endpoint).Console(Agents.For(host, stop.Token));
        await call.RequestStream.WriteAsync(new ConsoleBytes { Open = open }, stop.Token);
        var up = Up(call, fromClient, stop.Token);
        var down = Down(call, toClient, stop.Token);
        await Task.WhenAny(up, down);
        await stop.CancelAsync();
        await Task.WhenAll(Quietly(up), Quietly(down));
        return true;
    });

    private static async Task Up(AsyncDuplexStreamingCall<ConsoleBytes, ConsoleBytes> call, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> fromClient, CancellationToken ct)
    {
        while (await fromClient(ct) is { Length: > 0 } bytes) await call.RequestStream.WriteAsync(new ConsoleBytes { Data = ByteString.CopyFrom(bytes.Span) }, ct);
        await call.RequestStream.CompleteAsync();
    }

    private static async Task Down(AsyncDuplexStreamingCall<ConsoleBytes, ConsoleBytes> call, Func<ReadOnlyMemory<byte>, Task> toClient, CancellationToken ct)
    {
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct)) await toClient(part.Data.Memory);
    }

    /// <summary>One side of a console closed: that the other side's pump then breaks is the expected end.</summary>
    private static Task Quietly(Task pump) => pump.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);

    private async Task<T> Ask<T>(string hostId, Func<HostRow, Task<T>> ask)
    {
        var host = await database.Read(q => q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == hostId)) ?? throw CloudError.Unavailable($"The host {hostId} is not registered any more.");
        try
        {
            return await ask(host);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            throw CloudError.NotFound(e.Status.Detail);
        }
        catch (RpcException e)
        {
            throw CloudError.Unavailable($"The host {host.Name} does not answer; try again when its agent runs.", e);
        }
    }
}
